package dev.cairn.operator.act;

import java.time.Duration;
import java.time.Instant;

/** Spreads what would otherwise begin in the same second: a few at once, the others one after the other. Thread-safe. */
final class Turns {
    private final Duration credit;
    private final Duration between;
    private Instant next = Instant.EPOCH;

    /**
     * @param atOnce how many may begin together after a quiet time, at least one
     * @param between two others
     */
    Turns(int atOnce, Duration between) {
        this.credit = between.multipliedBy(atOnce - 1L);
        this.between = between;
    }

    /** When the next one may begin: now, or later. Each call is another one's turn. */
    synchronized Instant take(Instant now) {
        var earliest = now.minus(credit);
        if (next.isBefore(earliest)) next = earliest;
        var turn = next.isAfter(now) ? next : now;
        next = next.plus(between);
        return turn;
    }
}
