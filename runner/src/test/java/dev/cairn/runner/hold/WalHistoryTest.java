package dev.cairn.runner.hold;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WalHistoryTest {
    private long seconds;
    private final WalHistory positions = new WalHistory(() -> seconds * 1_000_000_000);

    /** The primary stands at 100 after one second, at 200 after two, and so on. */
    private void run(int until) {
        for (seconds = 1; seconds <= until; seconds++) positions.now(seconds * 100);
    }

    @Test
    void whoIsWhereThePrimaryIsNotBehind() {
        run(9);
        assertThat(positions.since(900)).contains(Duration.ZERO);
        assertThat(positions.since(950)).contains(Duration.ZERO);
    }

    @Test
    void whoIsBehindIsSoSinceThePrimaryWentFurther() {
        run(9);
        assertThat(positions.since(899)).contains(Duration.ZERO);
        assertThat(positions.since(400)).contains(Duration.ofSeconds(4));
    }

    @Test
    void anIdlePrimaryIsNobodysLag() {
        for (seconds = 1; seconds <= 1000; seconds++) positions.now(500);
        positions.now(600);
        assertThat(positions.since(500)).contains(Duration.ZERO);
    }

    @Test
    void whoWasBehindBeforeAnybodyLookedIsSoForAnUnknownTime() {
        assertThat(positions.since(50)).isEmpty();
        run(9);
        assertThat(positions.since(50)).isEmpty();
        assertThat(positions.watched()).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void anHourIsRemembered() {
        run(10_000);
        assertThat(positions.since(10_000 * 100 - 3_599 * 100)).contains(Duration.ofSeconds(3_598));
        assertThat(positions.since(100)).isEmpty();
    }
}
