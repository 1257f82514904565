package dev.cairn.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.MigrationStatus;
import dev.cairn.crds.Phase;
import dev.cairn.operator.decide.StatusReason;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailedLookTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final String WORDS = "SchemaMigration/add is held up: so and so.";

    @Test
    void whatIsQueuedGivesUpItsPlaceSoThatTheOthersGoOn() {
        var status = FailedLook.status(in(StatusReason.AnotherMigrationRuns), 1, WORDS, NOW)
                .orElseThrow();
        assertThat(status.phase()).isEqualTo(Phase.Running);
        assertThat(status.reason()).isEqualTo("Starting");
        assertThat(FailedLook.saysSo(status, WORDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void whatHasNoPlaceInTheQueueStaysWhereItWasAndWhatIsOverIsNotTouched(StatusReason reason) {
        var status = FailedLook.status(in(reason), 1, WORDS, NOW);
        switch (reason.phase()) {
            case Applied, Lost, Planned, Failed -> assertThat(status).isEmpty();
            case Queued -> assertThat(status).isPresent();
            case Waiting, Held, Suspended, Running ->
                assertThat(status)
                        .hasValueSatisfying(after -> assertThat(after.reason()).isEqualTo(reason.name()));
        }
    }

    private static MigrationStatus in(StatusReason reason) {
        return new MigrationStatus(
                1,
                reason.phase(),
                reason.name(),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
