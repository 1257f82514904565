/** What a backfill would do and take, without doing it. */
@NullMarked
package dev.cairn.runner.backfill.dryrun;

import org.jspecify.annotations.NullMarked;
