package dev.cairn.runner.backfill.table;

import java.time.Duration;

/**
 * How long the statements of one of the walk's transactions may take.
 *
 * @param lock how long one waits for a lock
 * @param statement how long one takes, its lock waits included; zero for as long as it takes
 */
public record Limits(Duration lock, Duration statement) {
    /** Without a limit for a statement that has its locks. */
    public Limits(Duration lock) {
        this(lock, Duration.ZERO);
    }
}
