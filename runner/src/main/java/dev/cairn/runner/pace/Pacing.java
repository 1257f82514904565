package dev.cairn.runner.pace;

import dev.cairn.plan.Settings.Pace;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The pace of one walk. All its workers share it. Each call uses the present settings. Thread-safe. */
public final class Pacing {
    private final Supplier<Pace> settings;
    private final BatchSize size;
    private final BatchLimit limit = new BatchLimit();
    private final TokenBucket bucket;

    /** @param nanoTime the clock */
    public Pacing(Supplier<Pace> settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.size = new BatchSize(settings.get());
        this.bucket = new TokenBucket(nanoTime);
    }

    /**
     * A worker's permission to begin a batch. Settle it when the batch is committed.
     *
     * @param rows that it allows
     * @param perSecond the rate limit at that time; null for none
     */
    public record Turn(long rows, @Nullable Long perSecond) {}

    /** A turn, if one is available now; otherwise wait for {@link #rest}. */
    public synchronized Optional<Turn> take() {
        var pace = settings.get();
        var turn = new Turn(size.next(pace), pace.maxRowsPerSecond());
        if (turn.perSecond == null) bucket.free();
        else if (!bucket.take(turn.rows, turn.perSecond)) return Optional.empty();
        return Optional.of(turn);
    }

    /** The time until the next turn. */
    public Duration rest() {
        return bucket.rest();
    }

    /**
     * Settles a turn whose batch was committed.
     *
     * @param walked its rows
     */
    public void settle(Turn turn, long walked) {
        if (turn.perSecond != null) bucket.settle(walked - turn.rows, turn.perSecond);
    }

    /** Rows of the next batch. */
    public synchronized long batchSize() {
        return size.next(settings.get());
    }

    /** The most rows of a batch whose bounds are already chosen: a small excess is no reason to cut it. */
    public synchronized long mostRows() {
        return size.most(settings.get());
    }

    /** How long the next batch should take. */
    public Duration batchDuration() {
        return Duration.ofMillis(settings.get().batchMillis());
    }

    /**
     * Adapts to a committed batch.
     *
     * @param walked its rows
     * @param nanos how long its transaction took
     */
    public synchronized void committed(long walked, long nanos) {
        var pace = settings.get();
        size.learn(pace, walked, nanos);
        limit.committed(pace, nanos);
    }

    /** The longest time for a statement of the next batch before it is cancelled. */
    public synchronized Duration limit() {
        return limit.now(settings.get());
    }

    /** How to retry a batch that was cancelled at its {@link #limit}. */
    public enum NextTry {
        /** With fewer rows. */
        SMALLER,
        /** With the same rows and twice the time. */
        LONGER,
        /** Not at all: rows and time are at their limits. */
        NONE
    }

    /**
     * Adapts to a batch that was cancelled at its {@link #limit}.
     *
     * @param rows that it had
     */
    public synchronized NextTry overran(long rows) {
        var pace = settings.get();
        if (rows > BatchSize.mostAtTheMinimum(pace)) {
            size.shrink(pace);
            return NextTry.SMALLER;
        }
        return limit.lengthen(pace) ? NextTry.LONGER : NextTry.NONE;
    }

    /** Adapts to a batch that did not get its locks. */
    public synchronized void shrink() {
        size.shrink(settings.get());
    }
}
