package dev.cairn.runner.pace;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Limits the rate of all workers together. A batch takes its share of time when it begins, and settles when its rows
 * are known. So the batches of several workers begin in turn, and the time that a batch runs is not lost. Unused time
 * adds up only to a small limit. Thread-safe.
 */
public final class TokenBucket {
    /** The most unused time that counts later: pauses last a little longer than requested. */
    private static final long SLACK_NANOS = 100_000_000;

    private final LongSupplier nanoTime;
    private long freeAt;

    /** @param nanoTime the clock */
    public TokenBucket(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.freeAt = nanoTime.getAsLong();
    }

    /** The time until the next batch may begin. */
    public synchronized Duration rest() {
        return Duration.ofNanos(Math.max(0, freeAt - nanoTime.getAsLong()));
    }

    /**
     * Takes the time for these rows, if the bucket is free now.
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

    /** @param rows walked minus rows taken; negative for fewer */
    public synchronized void settle(long rows, long perSecond) {
        freeAt += nanos(rows, perSecond);
    }

    /** Forgets what was taken: there is no limit now. */
    public synchronized void free() {
        freeAt = Math.min(freeAt, nanoTime.getAsLong());
    }

    private static long nanos(long rows, long perSecond) {
        return Math.round(rows * 1e9 / perSecond);
    }
}
