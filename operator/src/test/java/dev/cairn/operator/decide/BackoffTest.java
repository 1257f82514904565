package dev.cairn.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    @ParameterizedTest
    @CsvSource({"1,10", "2,20", "3,40", "6,320", "7,600", "64,600", "2000000000,600"})
    void pausesDoubleFromTenSecondsToTenMinutes(int failures, long seconds) {
        assertThat(Backoff.afterFailures(failures)).hasSeconds(seconds);
    }
}
