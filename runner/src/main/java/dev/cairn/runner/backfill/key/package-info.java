/** The key of a walk: its columns, its values, and the rows between two values. */
@NullMarked
package dev.cairn.runner.backfill.key;

import org.jspecify.annotations.NullMarked;
