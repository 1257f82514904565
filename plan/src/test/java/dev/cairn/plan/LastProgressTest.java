package dev.cairn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastProgressTest {
    private static final Progress PROGRESS = new Progress(
            Progress.Activity.Retrying,
            "…".repeat(5000),
            3,
            0,
            0,
            Long.MAX_VALUE,
            2,
            Long.MAX_VALUE,
            100L,
            null,
            5,
            1000,
            Long.MAX_VALUE,
            Collections.nCopies(32, new Progress.Range("a", "z", "k", 7)),
            0,
            List.of("replicationLag 7.2s > 5s"),
            null);

    @Test
    void itsNumbersComeBackFromAShortMessage() {
        var json = LastProgress.of(PROGRESS).toTerminationMessage();
        assertThat(json.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(Outcome.MAX_BYTES / 8);

        var back = LastProgress.fromTerminationMessage(json + "   ").progress();
        assertThat(back.attempts()).isEqualTo(3);
        assertThat(back.rows()).isEqualTo(Long.MAX_VALUE);
        assertThat(back.walk()).isEqualTo(2);
        assertThat(back.walked()).isEqualTo(Long.MAX_VALUE);
        assertThat(back.checkpointAtMillis()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void itIsTheSameUntilSomethingIsCommitted() {
        var waits = PROGRESS.with("another cause", List.of(), List.of());
        assertThat(LastProgress.of(waits)).isEqualTo(LastProgress.of(PROGRESS));
    }

    @Test
    void itIsNoOutcomeAndWhatElseAContainerLeavesIsNeither() {
        var json = LastProgress.of(PROGRESS).toTerminationMessage();
        assertThatThrownBy(() -> Outcome.fromTerminationMessage(json)).isInstanceOf(IllegalArgumentException.class);
        for (var other : List.of("", "Killed", "{}", "null"))
            assertThatThrownBy(() -> LastProgress.fromTerminationMessage(other))
                    .as(other)
                    .isInstanceOf(IllegalArgumentException.class);
    }
}
