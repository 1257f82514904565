package dev.cairn.runner.pace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.Settings.Pace;
import org.junit.jupiter.api.Test;

class BatchSizeTest {
    private static final long MILLI = 1_000_000;
    private static final Pace PACE = new Pace(200, 1000, 100, 50_000, null);

    private final BatchSize size = new BatchSize(PACE);

    @Test
    void itBeginsWithTheInitialSize() {
        assertThat(size.next(PACE)).isEqualTo(1000);
    }

    @Test
    void itGrowsByHalfAtMostHoweverFastABatchWas() {
        size.learn(PACE, 1000, MILLI);
        assertThat(size.next(PACE)).isEqualTo(1500);
        size.learn(PACE, 1500, MILLI);
        assertThat(size.next(PACE)).isEqualTo(2250);
    }

    @Test
    void itSettlesWhereABatchTakesTheWantedTime() {
        // given rows that cost 0.05 ms each
        for (int n = 0; n < 40; n++) size.learn(PACE, size.next(PACE), size.next(PACE) * MILLI / 20);
        // then a batch of 200 ms has 4000 of them
        assertThat(size.next(PACE)).isBetween(3990L, 4010L);
    }

    @Test
    void oneSlowBatchAmongManyMovesItOnlySlightly() {
        for (int n = 0; n < 40; n++) size.learn(PACE, size.next(PACE), size.next(PACE) * MILLI / 20);
        size.learn(PACE, 4000, 400 * MILLI);
        assertThat(size.next(PACE)).isBetween(2900L, 3200L);
    }

    @Test
    void aBatchThatTookFiveTimesTooLongShrinksTheNextAtOnce() {
        size.learn(PACE, 1000, 2000 * MILLI);
        assertThat(size.next(PACE)).isEqualTo(100);
    }

    @Test
    void itStaysWithinTheLimitsAsTheyAreNow() {
        var narrow = new Pace(200, 300, 200, 400, null);
        assertThat(size.next(narrow)).isEqualTo(400);
        size.shrink(PACE);
        assertThat(size.next(PACE)).isEqualTo(500);
        for (int n = 0; n < 9; n++) size.shrink(PACE);
        assertThat(size.next(PACE)).isEqualTo(100);
    }

    @Test
    void noBatchTakesMoreThanAQuarterOfASecondsShare() {
        assertThat(size.next(new Pace(200, 1000, 100, 50_000, 40L))).isEqualTo(10);
        assertThat(size.next(new Pace(200, 1000, 100, 50_000, 1L))).isEqualTo(1);
    }

    @Test
    void anEmptyBatchTeachesNothing() {
        size.learn(PACE, 0, 900 * MILLI);
        assertThat(size.next(PACE)).isEqualTo(1000);
    }
}
