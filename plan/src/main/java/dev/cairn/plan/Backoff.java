package dev.cairn.plan;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The pauses between attempts that fail: each is twice as long as the one before.
 *
 * @param first the pause after the first failure
 * @param longest no pause is longer
 */
public record Backoff(Duration first, Duration longest) {
    private static final int MOST_DOUBLINGS = 20;

    /** @param failures in a row, 1 or more */
    public Duration after(int failures) {
        var pause = first.multipliedBy(1L << Math.clamp(failures - 1, 0, MOST_DOUBLINGS));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }

    /**
     * A random duration of half to one and a half of a pause. So clients that failed at the same time do not retry at
     * the same time.
     */
    public static Duration jittered(Duration pause) {
        return pause.multipliedBy(ThreadLocalRandom.current().nextLong(50, 151)).dividedBy(100);
    }
}
