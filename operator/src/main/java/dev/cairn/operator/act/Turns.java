package dev.cairn.operator.act;

import java.time.Duration;
import java.time.Instant;

/** Spreads starts that would otherwise happen in the same second: a few at once, the others in turn. Thread-safe. */
final class Turns {
    private final Duration credit;
    private final Duration between;
    private Instant next = Instant.EPOCH;

    /**
     * @param atOnce how many may start together after a quiet time, at least one
     * @param between the time between two others
     */
    Turns(int atOnce, Duration between) {
        this.credit = between.multipliedBy(atOnce - 1L);
        this.between = between;
    }

    /** The start of the next one: now, or later. Each call takes one turn. */
    synchronized Instant take(Instant now) {
        var earliest = now.minus(credit);
        if (next.isBefore(earliest)) next = earliest;
        var turn = next.isAfter(now) ? next : now;
        next = next.plus(between);
        return turn;
    }
}
