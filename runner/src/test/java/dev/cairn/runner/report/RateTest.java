package dev.cairn.runner.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateTest {
    private static final long SECOND = 1_000_000_000L;

    private long now = 77 * SECOND;
    private final Rate rate = new Rate(() -> now);

    @Test
    void whatEarlierAttemptsDidIsNoRate() {
        rate.at(1_000_000);
        assertThat(rate.perSecond()).isZero();
        now += SECOND;
        assertThat(rate.perSecond()).isZero();
    }

    @Test
    void itIsTheGrowthOfTheLastTenSeconds() {
        rate.at(0);
        for (int n = 1; n <= 300; n++) {
            now += SECOND / 10;
            rate.at(n * 10L);
        }
        assertThat(rate.perSecond()).isBetween(99L, 101L);
        for (int n = 1; n <= 100; n++) {
            now += SECOND / 10;
            rate.at(3000 + n * 50L);
        }
        assertThat(rate.perSecond()).isBetween(495L, 505L);
    }

    @Test
    void batchesThatFollowEachOtherFastCountAll() {
        rate.at(0);
        for (int n = 1; n <= 10_000; n++) {
            now += SECOND / 1000;
            rate.at(n);
        }
        assertThat(rate.perSecond()).isBetween(985L, 1015L);
    }

    @Test
    void aStandstillShowsAFallingRateThenNone() {
        rate.at(0);
        now += SECOND;
        rate.at(1000);
        now += 4 * SECOND;
        assertThat(rate.perSecond()).isEqualTo(200);
        now += 20 * SECOND;
        assertThat(rate.perSecond()).isZero();
    }

    @Test
    void aSlowWalkHasARateBetweenItsBatches() {
        rate.at(0);
        for (int n = 1; n <= 5; n++) {
            now += 20 * SECOND;
            rate.at(n * 100L);
        }
        assertThat(rate.perSecond()).isBetween(4L, 11L);
    }
}
