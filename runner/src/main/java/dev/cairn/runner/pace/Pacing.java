package dev.cairn.runner.pace;

import dev.cairn.plan.Settings.Pace;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The pace of one walk: what all its workers share, by the settings as they are at each question. Thread-safe. */
public final class Pacing {
    private final Supplier<Pace> settings;
    private final BatchSize size;
    private final TokenBucket bucket;

    /** @param nanoTime the clock */
    public Pacing(Supplier<Pace> settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.size = new BatchSize(settings.get());
        this.bucket = new TokenBucket(nanoTime);
    }

    /** How long to rest before the next batch. */
    public Duration rest() {
        return bucket.rest(settings.get().maxRowsPerSecond());
    }

    /** Rows of the next batch. */
    public synchronized long batchSize() {
        return size.next(settings.get());
    }

    /** Rows that a batch may have where it was settled before: little more is no reason to cut it. */
    public synchronized long mostRows() {
        return size.most(settings.get());
    }

    /** How long the next batch should take. */
    public Duration batchDuration() {
        return Duration.ofMillis(settings.get().batchMillis());
    }

    /**
     * A batch was committed.
     *
     * @param walked its rows
     * @param nanos how long its transaction took
     */
    public synchronized void committed(long walked, long nanos) {
        var pace = settings.get();
        size.learn(pace, walked, nanos);
        bucket.take(walked, pace.maxRowsPerSecond());
    }

    /** A batch did not get its locks. */
    public synchronized void shrink() {
        size.shrink(settings.get());
    }
}
