package dev.cairn.runner.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000;

    private long now = 5 * SECOND;
    private final TokenBucket bucket = new TokenBucket(() -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void whatWasTakenIsRestedFor() {
        assertThat(bucket.take(50, 100)).isTrue();
        assertThat(bucket.rest()).isEqualTo(Duration.ofMillis(500));
        pass(Duration.ofMillis(200));
        assertThat(bucket.take(50, 100)).isFalse();
        assertThat(bucket.rest()).isEqualTo(Duration.ofMillis(300));
        pass(Duration.ofMillis(300));
        assertThat(bucket.take(50, 100)).isTrue();
    }

    @Test
    void littleIsSavedUpWhileNobodyTakes() {
        pass(Duration.ofHours(1));
        assertThat(bucket.take(100, 100)).isTrue();
        assertThat(bucket.rest()).isEqualTo(Duration.ofMillis(900));
    }

    @Test
    void aBatchSettlesWhenItKnowsItsRows() {
        bucket.take(100, 100);
        bucket.settle(50, 100);
        assertThat(bucket.rest()).isEqualTo(Duration.ofMillis(1500));
        bucket.settle(-150, 100);
        assertThat(bucket.rest()).isZero();
    }

    @Test
    void noRateForgetsWhatWasTaken() {
        bucket.take(100, 1);
        bucket.free();
        assertThat(bucket.take(100, 100)).isTrue();
    }

    /** Rows a second of all workers together, rows of a batch, nanoseconds that a row takes. */
    @ParameterizedTest
    @CsvSource({
        "1, 10000, 2500, 1000",
        "1, 10000, 2500, 50000",
        "1, 10000, 700, 90000",
        "4, 1000, 250, 10",
        "4, 1000, 250, 900000",
        "16, 1000, 250, 10000",
        "3, 40, 10, 3000000",
        "16, 100000, 25000, 100000"
    })
    void theRateIsKeptWithinFivePercentOverAnyTenSeconds(int workers, long perSecond, long batch, long nanosPerRow) {
        // given workers that each take a turn, run their batch, and pause a little longer than they should
        var committed = new TreeMap<Long, Long>();
        var freeAt = new long[workers];
        Arrays.fill(freeAt, now);
        long began = now;
        while (now < began + 60 * SECOND) {
            int worker = IntStream.range(0, workers).reduce(0, (a, b) -> freeAt[b] < freeAt[a] ? b : a);
            now = Math.max(now, freeAt[worker]);
            if (bucket.take(batch, perSecond)) {
                freeAt[worker] = now + batch * nanosPerRow;
                committed.merge(freeAt[worker], batch, Long::sum);
            } else {
                freeAt[worker] = now + Math.min(SECOND / 10, bucket.rest().toNanos()) + SECOND / 1000;
            }
        }

        // then any ten seconds have as many rows as they should
        for (long from = began + 5 * SECOND; from < began + 45 * SECOND; from += SECOND / 10) {
            long rows = committed.subMap(from, from + 10 * SECOND).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            assertThat(rows / (10.0 * perSecond)).isBetween(0.95, 1.05);
        }
    }
}
