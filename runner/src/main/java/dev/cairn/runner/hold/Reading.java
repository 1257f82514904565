package dev.cairn.runner.hold;

import java.math.BigDecimal;

/** The result of one read of a signal. */
sealed interface Reading {
    /** @param value a count or a number; milliseconds where the signal is a time */
    record Amount(BigDecimal value) implements Reading {
        static Amount of(long value) {
            return new Amount(BigDecimal.valueOf(value));
        }
    }

    /** @param holds the result of a boolean query */
    record Flag(boolean holds) implements Reading {}

    /** @param why why it is unknown, and the next step; without a full stop */
    record Unknown(String why) implements Reading {}
}
