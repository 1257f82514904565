/**
 * How fast a backfill runs: the size of its batches and the pauses between them. It uses neither JDBC nor the table.
 */
@NullMarked
package dev.cairn.runner.pace;

import org.jspecify.annotations.NullMarked;
