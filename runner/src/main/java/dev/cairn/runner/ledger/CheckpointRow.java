package dev.cairn.runner.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A row of {@code checkpoint}: the progress of a container, as the container reports it.
 *
 * @param cursor the last committed place, null for none
 * @param rows done so far, by its own count
 * @param estimatedRows in all, by its own estimate; null when it gave none
 * @param commits transactions that moved the checkpoint
 * @param committedAtMillis when it was last moved, milliseconds since 1970; 0 for never
 */
public record CheckpointRow(
        @Nullable String cursor, long rows, @Nullable Long estimatedRows, long commits, long committedAtMillis) {}
