package dev.cairn.runner.hold;

import dev.cairn.plan.HoldSignal.Unit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The limit of a signal.
 *
 * @param above values above it make the walk wait; null where there is no number to compare
 * @param unit for showing values
 */
record Limit(@Nullable BigDecimal above, Unit unit) {
    private static final BigDecimal CLEAR_SHARE = new BigDecimal("0.8");

    /**
     * The value at which a hold ends at once: 80 % of the limit. So a value that varies around the limit does not flap.
     */
    static BigDecimal clear(BigDecimal above) {
        return above.multiply(CLEAR_SHARE);
    }

    /** Such as {@code 62}, {@code 7.2s} or {@code 10m5s}. */
    String shown(BigDecimal value) {
        return switch (unit) {
            case NUMBER ->
                value.setScale(Math.min(Math.max(value.scale(), 0), 3), RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString();
            case MILLIS -> duration(value.longValue());
        };
    }

    private static String duration(long millis) {
        if (millis < 1000) return millis + "ms";
        if (millis < 60_000)
            return BigDecimal.valueOf(millis)
                            .divide(BigDecimal.valueOf(1000), 1, RoundingMode.FLOOR)
                            .stripTrailingZeros()
                            .toPlainString()
                    + "s";
        var time = Duration.ofMillis(millis);
        return part(time.toHours(), "h") + part(time.toMinutesPart(), "m") + part(time.toSecondsPart(), "s");
    }

    private static String part(long value, String unit) {
        return value == 0 ? "" : value + unit;
    }
}
