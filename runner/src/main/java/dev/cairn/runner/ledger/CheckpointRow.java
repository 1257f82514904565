package dev.cairn.runner.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A line of {@code checkpoint}: how far a container is, in its own words.
 *
 * @param cursor the place that was committed last, null for none
 * @param rows done so far, by its own count
 * @param estimatedRows to do in all, by its own estimate; null when it gave none
 * @param commits transactions that moved it
 * @param committedAtMillis when it was moved last, milliseconds since 1970; 0 for never
 */
public record CheckpointRow(
        @Nullable String cursor, long rows, @Nullable Long estimatedRows, long commits, long committedAtMillis) {}
