/** The batches: their rows, their order, and the checkpoint that commits with them. */
@NullMarked
package dev.cairn.runner.backfill.batch;

import org.jspecify.annotations.NullMarked;
