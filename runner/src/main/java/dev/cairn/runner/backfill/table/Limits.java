package dev.cairn.runner.backfill.table;

import java.time.Duration;

/**
 * Time limits for the statements of one of the walk's transactions.
 *
 * @param lock for one wait for a lock
 * @param statement for one statement with its lock waits; zero for no limit
 */
public record Limits(Duration lock, Duration statement) {
    /** Limits only the waits for locks. */
    public Limits(Duration lock) {
        this(lock, Duration.ZERO);
    }
}
