package dev.cairn.runner.pace;

import dev.cairn.plan.Settings.Pace;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The pace of one walk: what all its workers share, by the settings as they are at each question. Thread-safe. */
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
     * A worker's turn to begin a batch, to be settled when it is committed.
     *
     * @param rows that it stands for
     * @param perSecond the rate at which they were taken; null for none
     */
    public record Turn(long rows, @Nullable Long perSecond) {}

    /** A turn, if there is one now; there is a {@link #rest} first otherwise. */
    public synchronized Optional<Turn> take() {
        var pace = settings.get();
        var turn = new Turn(size.next(pace), pace.maxRowsPerSecond());
        if (turn.perSecond == null) bucket.free();
        else if (!bucket.take(turn.rows, turn.perSecond)) return Optional.empty();
        return Optional.of(turn);
    }

    /** How long it is until there is another turn. */
    public Duration rest() {
        return bucket.rest();
    }

    /**
     * The batch of a turn was committed.
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
        limit.committed(pace, nanos);
    }

    /** How long a statement of the next batch may take before it is cancelled. */
    public synchronized Duration limit() {
        return limit.now(settings.get());
    }

    /** How a batch that was cancelled at its {@link #limit} is tried again. */
    public enum NextTry {
        /** With fewer rows. */
        SMALLER,
        /** With as few rows as before, and twice the time. */
        LONGER,
        /** Not again: it has as few rows and as much time as it gets. */
        NONE
    }

    /**
     * A batch was cancelled at its {@link #limit}.
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

    /** A batch did not get its locks. */
    public synchronized void shrink() {
        size.shrink(settings.get());
    }
}
