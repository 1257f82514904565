package dev.cairn.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(10));

    @ParameterizedTest
    @CsvSource({"0,10", "1,10", "2,20", "3,40", "6,320", "7,600", "64,600", "2000000000,600"})
    void pausesDoubleFromTheFirstToTheLongest(int failures, long seconds) {
        assertThat(BACKOFF.after(failures)).hasSeconds(seconds);
    }

    @Test
    void aFirstPauseThatIsLongerThanTheLongestIsCut() {
        assertThat(new Backoff(Duration.ofMinutes(1), Duration.ofSeconds(10)).after(1))
                .hasSeconds(10);
    }

    @Test
    void aPauseWithJitterLastsHalfToOneAndAHalf() {
        assertThat(IntStream.range(0, 1000).mapToObj(n -> Backoff.jittered(Duration.ofSeconds(10))))
                .allSatisfy(pause -> assertThat(pause).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(15)));
    }
}
