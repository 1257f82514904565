package dev.cairn.operator.decide;

import java.time.Duration;

/** The pauses of Kubernetes' Job controller, to say when the next attempt comes. An estimate: it is not ours. */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private Backoff() {}

    /** @param failures in a row, 1 or more */
    static Duration afterFailures(int failures) {
        var pause = FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
        return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    }
}
