package dev.cairn.runner.pace;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps a rate over all workers. A batch takes its share of the time when it begins, and settles when it knows its rows:
 * the batches of several workers begin one after the other, and what one of them takes to run is not lost. Little is saved
 * up while nobody takes. Thread-safe.
 */
public final class TokenBucket {
    /** What may be caught up on: pauses last a little longer than asked for. */
    private static final long SLACK_NANOS = 100_000_000;

    private final LongSupplier nanoTime;
    private long freeAt;

    /** @param nanoTime the clock */
    public TokenBucket(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.freeAt = nanoTime.getAsLong();
    }

    /** How long it is until the next batch may begin. */
    public synchronized Duration rest() {
        return Duration.ofNanos(Math.max(0, freeAt - nanoTime.getAsLong()));
    }

    /**
     * Takes the time of so many rows, if it is free now.
     *
     * @param perSecond the rate
     * @return whether it was taken
     */
    public synchronized boolean take(long rows, long perSecond) {
        long now = nanoTime.getAsLong();
        if (freeAt > now) return false;
        freeAt = Math.max(freeAt, now - SLACK_NANOS) + nanos(rows, perSecond);
        return true;
    }

    /** @param rows that were walked beyond those that were taken; negative for fewer */
    public synchronized void settle(long rows, long perSecond) {
        freeAt += nanos(rows, perSecond);
    }

    /** There is no limit now: what was taken is forgotten. */
    public synchronized void free() {
        freeAt = Math.min(freeAt, nanoTime.getAsLong());
    }

    private static long nanos(long rows, long perSecond) {
        return Math.round(rows * 1e9 / perSecond);
    }
}
