package dev.cairn.runner.pace;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a rate over all workers. What is taken is paid for afterwards: a batch may begin when the account is not in
 * debt. Nothing is saved up while nobody takes. Thread-safe.
 */
public final class TokenBucket {
    private final LongSupplier nanoTime;
    private double debt;
    private long paidUntil;

    /** @param nanoTime the clock */
    public TokenBucket(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.paidUntil = nanoTime.getAsLong();
    }

    /**
     * How long to rest before the next batch.
     *
     * @param perSecond the rate now, null for no limit
     */
    public synchronized Duration rest(@Nullable Long perSecond) {
        pay(perSecond);
        return perSecond == null ? Duration.ZERO : Duration.ofNanos((long) (debt / perSecond * 1e9));
    }

    /** @param rows that were just walked */
    public synchronized void take(long rows, @Nullable Long perSecond) {
        pay(perSecond);
        if (perSecond != null) debt += rows;
    }

    private void pay(@Nullable Long perSecond) {
        long now = nanoTime.getAsLong();
        debt = perSecond == null ? 0 : Math.max(0, debt - (now - paidUntil) / 1e9 * perSecond);
        paidUntil = now;
    }
}
