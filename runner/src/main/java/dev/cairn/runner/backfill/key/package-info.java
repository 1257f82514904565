/** The key that a table is walked along: its columns, its values, and the rows between two of them. */
@NullMarked
package dev.cairn.runner.backfill.key;

import org.jspecify.annotations.NullMarked;
