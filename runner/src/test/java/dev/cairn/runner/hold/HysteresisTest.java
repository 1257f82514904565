package dev.cairn.runner.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.cairn.plan.HoldSignal;
import dev.cairn.runner.hold.Reading.Amount;
import dev.cairn.runner.hold.Reading.Flag;
import dev.cairn.runner.hold.Reading.Unknown;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HysteresisTest {
    private static final Limit FIVE_SECONDS = millis(5_000);
    private static final Limit TEN = count(10);
    private static final Limit BOOLEAN = new Limit(null, HoldSignal.Unit.NUMBER);

    static Stream<Arguments> rows() {
        return Stream.of(
                arguments("at the limit nothing holds", TEN, amounts(10), "-"),
                arguments("above it a hold begins at once", TEN, amounts(11), "x 11 > 10"),
                arguments("times are shown as times", FIVE_SECONDS, amounts(7_260), "x 7.2s > 5s"),
                arguments("long times too", millis(600_000), amounts(605_000), "x 10m5s > 10m"),
                arguments("within the limit it goes on for a while", TEN, amounts(11, 9), "x 9, limit 10, ends at 8"),
                arguments("at 80 % of the limit it ends at once", TEN, amounts(11, 8), "-"),
                arguments("after nine calm readings it still holds", TEN, calm(9), "x 9, limit 10, ends at 8"),
                arguments("after ten it ends", TEN, calm(10), "-"),
                arguments(
                        "a reading above the limit begins the count anew",
                        TEN,
                        interrupted(),
                        "x 9, limit 10, ends at 8"),
                arguments("once ended, it begins above the limit again and not before", TEN, amounts(11, 8, 10), "-"),
                arguments("a limit of nothing ends with nothing", count(0), amounts(1, 0), "-"),
                arguments("true holds", BOOLEAN, List.of(new Flag(true)), "x is true"),
                arguments("false does not", BOOLEAN, List.of(new Flag(false)), "-"),
                arguments("false ends it the third time", BOOLEAN, flags(true, false, false, false), "-"),
                arguments(
                        "not the second",
                        BOOLEAN,
                        flags(true, false, false),
                        "x is false, three times in a row end it"),
                arguments("what cannot be told holds", TEN, List.of(new Unknown("gone")), "x unknown (limit 10): gone"),
                arguments("and ends like any other hold", TEN, List.of(new Unknown("gone"), amount(3)), "-"),
                arguments(
                        "a number without a limit holds",
                        BOOLEAN,
                        amounts(0),
                        "x unknown: it returned a number, which needs a limit in above"),
                arguments(
                        "a boolean with one too",
                        TEN,
                        flags(false),
                        "x unknown: it returned a boolean, which has no limit: take above away"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void afterTheseReadings(String sentence, Limit limit, List<Reading> readings, String expected) {
        var gauge = new Hysteresis("x", limit);
        var last = "";
        for (var reading : readings) last = gauge.next(reading).orElse("-");
        assertThat(last).as(sentence).isEqualTo(expected);
    }

    @Test
    void aLongReasonIsCut() {
        assertThat(new Hysteresis("x", TEN).next(new Unknown("e".repeat(9_000))).orElseThrow())
                .hasSize(300)
                .endsWith("…");
    }

    @Test
    void fractionsAreShownToThreeDigits() {
        var limit = new Limit(new BigDecimal("0.5"), HoldSignal.Unit.NUMBER);
        assertThat(new Hysteresis("x", limit).next(new Amount(new BigDecimal("0.666666"))))
                .contains("x 0.667 > 0.5");
    }

    private static Reading amount(long value) {
        return Amount.of(value);
    }

    private static List<Reading> amounts(long... values) {
        return Arrays.stream(values).mapToObj(HysteresisTest::amount).toList();
    }

    private static List<Reading> flags(Boolean... values) {
        return Arrays.stream(values).<Reading>map(Flag::new).toList();
    }

    private static List<Reading> calm(int times) {
        return Stream.concat(amounts(11).stream(), Collections.nCopies(times, amount(9)).stream())
                .toList();
    }

    private static List<Reading> interrupted() {
        return Stream.concat(calm(9).stream(), calm(1).stream()).toList();
    }

    private static Limit millis(long above) {
        return new Limit(BigDecimal.valueOf(above), HoldSignal.Unit.MILLIS);
    }

    private static Limit count(long above) {
        return new Limit(BigDecimal.valueOf(above), HoldSignal.Unit.NUMBER);
    }
}
