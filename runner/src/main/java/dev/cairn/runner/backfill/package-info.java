/** The walk over a table along a key: batches in key order, one transaction each, its checkpoint in it. */
@NullMarked
package dev.cairn.runner.backfill;

import org.jspecify.annotations.NullMarked;
