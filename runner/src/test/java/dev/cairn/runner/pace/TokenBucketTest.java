package dev.cairn.runner.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private long now = 5_000_000_000L;
    private final TokenBucket bucket = new TokenBucket(() -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void whatWasTakenIsRestedFor() {
        assertThat(bucket.rest(100L)).isZero();
        bucket.take(50, 100L);
        assertThat(bucket.rest(100L)).isEqualTo(Duration.ofMillis(500));
        pass(Duration.ofMillis(200));
        assertThat(bucket.rest(100L)).isEqualTo(Duration.ofMillis(300));
        pass(Duration.ofMillis(300));
        assertThat(bucket.rest(100L)).isZero();
    }

    @Test
    void nothingIsSavedUpWhileNobodyTakes() {
        pass(Duration.ofHours(1));
        bucket.take(100, 100L);
        assertThat(bucket.rest(100L)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void workersShareIt() {
        bucket.take(100, 100L);
        bucket.take(100, 100L);
        assertThat(bucket.rest(100L)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aNewRateCountsAtOnceAndNoRateForgetsTheDebt() {
        bucket.take(100, 100L);
        assertThat(bucket.rest(1000L)).isEqualTo(Duration.ofMillis(100));
        assertThat(bucket.rest(null)).isZero();
        assertThat(bucket.rest(100L)).isZero();
    }
}
