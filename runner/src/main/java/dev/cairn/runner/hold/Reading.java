package dev.cairn.runner.hold;

import java.math.BigDecimal;

/** What a look at the database gave. */
sealed interface Reading {
    /** @param value a count or a number; milliseconds where the signal is a time */
    record Amount(BigDecimal value) implements Reading {
        static Amount of(long value) {
            return new Amount(BigDecimal.valueOf(value));
        }
    }

    /** @param holds what a boolean query said */
    record Flag(boolean holds) implements Reading {}

    /** @param why it cannot be told, and what to do about it; without a full stop */
    record Unknown(String why) implements Reading {}
}
