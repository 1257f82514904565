/** One batch after the other: which rows, in which order, and the checkpoint that commits with them. */
@NullMarked
package dev.cairn.runner.backfill.batch;

import org.jspecify.annotations.NullMarked;
