package dev.cairn.runner.pace;

import dev.cairn.plan.Settings.Pace;
import java.time.Duration;

/**
 * How long a statement of a batch may take before the server cancels it: row locks are held no longer, whatever its plan
 * is. The limit is a multiple of {@code batchDuration}. It doubles only for a batch that cannot get smaller. Not
 * thread-safe.
 */
final class BatchLimit {
    private static final int TIMES = 10;

    /** Short batches meet pauses of the server (a checkpoint, a busy disk) that are no fault of theirs. */
    private static final Duration LEAST = Duration.ofSeconds(2);

    /** No batch gets longer than this by doubling. */
    private static final Duration MOST = Duration.ofMinutes(10);

    private int doublings;

    /** The limit now. */
    Duration now(Pace pace) {
        var first = first(pace);
        var doubled = first.multipliedBy(1L << doublings);
        return doubled.compareTo(most(first)) > 0 ? most(first) : doubled;
    }

    /**
     * Doubles it.
     *
     * @return false where it is as long as it gets
     */
    boolean lengthen(Pace pace) {
        if (now(pace).compareTo(most(first(pace))) >= 0) return false;
        doublings++;
        return true;
    }

    /** Learns from a committed batch: the limit goes back when batches are fast again. */
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
