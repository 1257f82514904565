/** The walk over a table by a key: batches in key order, each in one transaction with its checkpoint. */
@NullMarked
package dev.cairn.runner.backfill;

import org.jspecify.annotations.NullMarked;
