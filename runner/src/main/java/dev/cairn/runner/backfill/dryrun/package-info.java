/** Estimates the work and the duration of a backfill, without running it. */
@NullMarked
package dev.cairn.runner.backfill.dryrun;

import org.jspecify.annotations.NullMarked;
