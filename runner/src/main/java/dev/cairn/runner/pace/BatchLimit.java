package dev.cairn.runner.pace;

import dev.cairn.plan.Settings.Pace;
import java.time.Duration;

/**
 * How long a statement of a batch may take before the server cancels it. It limits the time of row locks for any query
 * plan. The limit is a multiple of {@code batchDuration}. It doubles only for a batch that cannot get smaller. Not
 * thread-safe.
 */
final class BatchLimit {
    private static final int TIMES = 10;

    /** The shortest limit: a checkpoint of the server or a busy disk can delay a short batch. */
    private static final Duration LEAST = Duration.ofSeconds(2);

    /** Doubling never gives more than this. */
    private static final Duration MOST = Duration.ofMinutes(10);

    private int doublings;

    /** The present limit. */
    Duration now(Pace pace) {
        var first = first(pace);
        var doubled = first.multipliedBy(1L << doublings);
        return doubled.compareTo(most(first)) > 0 ? most(first) : doubled;
    }

    /**
     * Doubles the limit.
     *
     * @return false if it is already the longest
     */
    boolean lengthen(Pace pace) {
        if (now(pace).compareTo(most(first(pace))) >= 0) return false;
        doublings++;
        return true;
    }

    /** Adapts to a committed batch: the limit shrinks when batches are fast again. */
    void committed(Pace pace, long nanos) {
        while (doublings > 0 && nanos < now(pace).toNanos() / 4) doublings--;
    }

    private static Duration first(Pace pace) {
        var first = Duration.ofMillis(pace.batchMillis()).multipliedBy(TIMES);
        return first.compareTo(LEAST) < 0 ? LEAST : first;
    }

    private static Duration most(Duration first) {
        return first.compareTo(MOST) < 0 ? MOST : first;
    }
}
