/** How fast a backfill goes: the size of its batches and the rest between them. Knows neither JDBC nor the table. */
@NullMarked
package dev.cairn.runner.pace;

import org.jspecify.annotations.NullMarked;
