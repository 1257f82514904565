/** Workers that walk ranges in parallel, and their retries after a lost connection. */
@NullMarked
package dev.cairn.runner.backfill.worker;

import org.jspecify.annotations.NullMarked;
