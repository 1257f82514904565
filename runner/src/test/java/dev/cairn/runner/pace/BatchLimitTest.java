package dev.cairn.runner.pace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.Settings.Pace;
import dev.cairn.runner.pace.Pacing.NextTry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchLimitTest {
    private final Pacing pacing = new Pacing(() -> new Pace(1000, 400, 100, 400, null), System::nanoTime);

    @Test
    void aLimitIsTenTimesTheDurationAndAtLeastTwoSeconds() {
        assertThat(pacing.limit()).isEqualTo(Duration.ofSeconds(10));
        assertThat(new Pacing(() -> new Pace(50, 1, 1, 1, null), System::nanoTime).limit())
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(new Pacing(() -> new Pace(3_600_000, 1, 1, 1, null), System::nanoTime).limit())
                .isEqualTo(Duration.ofHours(10));
    }

    @Test
    void aBatchShrinksThenGetsMoreTimeThenIsNotTriedAgain() {
        assertThat(pacing.overran(400)).isEqualTo(NextTry.SMALLER);
        assertThat(pacing.overran(200)).isEqualTo(NextTry.SMALLER);
        assertThat(pacing.batchSize()).isEqualTo(100);
        for (long seconds : new long[] {20, 40, 80, 160, 320, 600}) {
            // A stripe's last batch may have a quarter more.
            assertThat(pacing.overran(seconds % 20 == 0 ? 125 : 100)).isEqualTo(NextTry.LONGER);
            assertThat(pacing.limit()).isEqualTo(Duration.ofSeconds(seconds));
        }
        assertThat(pacing.overran(100)).isEqualTo(NextTry.NONE);
    }

    @Test
    void theLimitGoesBackWhenBatchesAreFastAgain() {
        for (int n = 0; n < 3; n++) pacing.overran(100);
        pacing.committed(100, Duration.ofSeconds(30).toNanos());
        assertThat(pacing.limit()).isEqualTo(Duration.ofSeconds(80));
        pacing.committed(100, Duration.ofSeconds(9).toNanos());
        assertThat(pacing.limit()).isEqualTo(Duration.ofSeconds(20));
        pacing.committed(100, Duration.ofSeconds(1).toNanos());
        assertThat(pacing.limit()).isEqualTo(Duration.ofSeconds(10));
    }
}
