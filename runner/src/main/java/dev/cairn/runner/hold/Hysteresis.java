package dev.cairn.runner.hold;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Turns the readings of one signal into a hold that does not flap. The hold begins with the first reading above the
 * limit or without a value. It ends with the first reading at or below 80 % of the limit, or after ten readings in a
 * row within the limit. A boolean ends it after three false readings in a row. Not thread-safe.
 */
final class Hysteresis {
    private static final int CALM_READINGS = 10;
    private static final int FALSE_READINGS = 3;
    private static final int LONGEST_TEXT = 300;

    private final String name;
    private final Limit limit;
    private boolean holds;
    private int calm;

    /** @param name of the signal, for people */
    Hysteresis(String name, Limit limit) {
        this.name = name;
        this.limit = limit;
    }

    /** @return the hold with its value and its limit; empty if it is not active */
    Optional<String> next(Reading reading) {
        return held(reading).map(Hysteresis::cut);
    }

    private Optional<String> held(Reading reading) {
        return switch (reading) {
            case Reading.Unknown(var why) -> Optional.of(begin("unknown" + limited() + ": " + why));
            case Reading.Flag(var _)
            when limit.above() != null ->
                Optional.of(begin("unknown: it returned a boolean, which has no limit: take above away"));
            case Reading.Flag(var answer) -> flag(answer);
            case Reading.Amount(var value) -> amount(value);
        };
    }

    private Optional<String> flag(boolean answer) {
        if (answer) return Optional.of(begin("is true"));
        return within(FALSE_READINGS, "is false, three times in a row end it");
    }

    private Optional<String> amount(BigDecimal value) {
        var above = limit.above();
        if (above == null) return Optional.of(begin("unknown: it returned a number, which needs a limit in above"));
        if (value.compareTo(above) > 0) return Optional.of(begin(limit.shown(value) + " > " + limit.shown(above)));
        var clear = Limit.clear(above);
        if (value.compareTo(clear) <= 0) holds = false;
        return within(
                CALM_READINGS,
                limit.shown(value) + ", limit " + limit.shown(above) + ", ends at " + limit.shown(clear));
    }

    private String begin(String text) {
        holds = true;
        calm = 0;
        return name + " " + text;
    }

    private Optional<String> within(int enough, String text) {
        if (!holds) return Optional.empty();
        calm++;
        if (calm >= enough) holds = false;
        return holds ? Optional.of(name + " " + text) : Optional.empty();
    }

    private String limited() {
        return limit.above() == null ? "" : " (limit " + limit.shown(limit.above()) + ")";
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT - 1) + "…";
    }
}
