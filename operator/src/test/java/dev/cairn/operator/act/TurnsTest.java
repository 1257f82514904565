package dev.cairn.operator.act;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private final Turns turns = new Turns(5, Duration.ofMillis(500));

    @Test
    void fiftyBeginOverMoreThanTwentySeconds() {
        var taken = Stream.generate(() -> turns.take(NOW)).limit(50).toList();
        assertThat(taken.subList(0, 5)).containsOnly(NOW);
        assertThat(taken.get(5)).isEqualTo(NOW.plusMillis(500));
        assertThat(taken.getLast()).isEqualTo(NOW.plusMillis(22_500));
    }

    @Test
    void afterAQuietTimeAFewBeginAtOnceAgain() {
        for (int n = 0; n < 50; n++) assertThat(turns.take(NOW)).isNotNull();
        var later = NOW.plusSeconds(60);
        var taken = Stream.generate(() -> turns.take(later)).limit(6).toList();
        assertThat(taken.subList(0, 5)).containsOnly(later);
        assertThat(taken.getLast()).isEqualTo(later.plusMillis(500));
    }
}
