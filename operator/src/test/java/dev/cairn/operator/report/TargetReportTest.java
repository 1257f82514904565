package dev.cairn.operator.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.cairn.crds.Condition;
import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationStatus;
import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.MigrationTargetStatus;
import dev.cairn.crds.Phase;
import dev.cairn.operator.Samples;
import dev.cairn.operator.decide.Reach;
import dev.cairn.operator.decide.ReadingFailure;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Reason;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetReportTest {
    private static final Reach UNREACHABLE = new Reach.Failed(new ReadingFailure.Ended(
            new Outcome(Reason.ConnectionLost, "no route to host", null, null, Progress.NONE)));
    private static final Reach REACHED = new Reach.Reached(true);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void migrationsAreCountedByWhatTheyDo() {
        var status = TargetReport.status(
                Samples.target(),
                List.of(
                        in(Phase.Applied, "a", 1),
                        in(Phase.Running, "b", 2),
                        in(Phase.Held, "c", 3),
                        in(Phase.Waiting, "d", 4),
                        in(Phase.Suspended, "e", 5),
                        in(Phase.Failed, "f", 6),
                        Samples.schema("new")),
                REACHED,
                "db-1",
                "",
                NOW);
        assertThat(List.of(status.applied(), status.running(), status.waiting(), status.failed()))
                .containsExactly(1, 2, 3, 1);
    }

    @Test
    void theQueueKeepsTheOrderOfTheTurns() {
        var status = TargetReport.status(
                Samples.target(),
                List.of(in(Phase.Queued, "b", 3), in(Phase.Applied, "c", 4), in(Phase.Queued, "a", 9)),
                REACHED,
                "db-1",
                "",
                NOW);
        assertThat(status.queue()).containsExactly("SchemaMigration/b", "SchemaMigration/a");
    }

    @Test
    void aSuspendedTargetStaysReadyAndSaysWhatToDo() {
        var target = Samples.target("{scope: chat, connection: {secretRef: {name: s}}, suspend: true}");
        target.setStatus(status(target, REACHED, NOW));
        assertThat(target.getStatus().conditions())
                .extracting(Condition::type, Condition::status)
                .containsExactly(tuple("Ready", "True"), tuple("Suspended", "True"));
        assertThat(target.getStatus().conditions().getLast().message()).contains("set spec.suspend to false");

        // and nothing but its own condition goes when it resumes
        var resumed = Samples.target();
        resumed.setStatus(target.getStatus());
        assertThat(status(resumed, REACHED, NOW.plusSeconds(60)).conditions())
                .containsExactly(target.getStatus().conditions().getFirst());
    }

    @Test
    void whatAnEarlierProcessFoundStaysUntilThisOneKnows() {
        // given a target that was reached, and one that was not
        for (var found : List.of(REACHED, UNREACHABLE)) {
            var target = Samples.target();
            target.setStatus(status(target, found, NOW));

            // when another process has not asked yet
            var later = status(target, new Reach.Unconfirmed(new Reach.Connecting(null, null)), NOW.plusSeconds(60));

            // then nothing is to be written
            assertThat(later).isEqualTo(target.getStatus());
        }
    }

    @Test
    void whatAnEarlierVersionSaidOfASuspendedTargetIsNotKept() {
        var target = Samples.target();
        var suspended = new Condition("Ready", "False", "Suspended", "", NOW.toString(), 1);
        var found = status(target, REACHED, NOW);
        target.setStatus(
                new MigrationTargetStatus(1L, List.of(suspended), 0, 0, 0, 0, 0, found.queue(), found.ledger()));
        var resumed = Samples.target();
        resumed.setStatus(target.getStatus());
        var unconfirmed = new Reach.Unconfirmed(new Reach.Connecting("mtgt-chat-1", null));
        assertThat(status(resumed, unconfirmed, NOW).conditions())
                .singleElement()
                .satisfies(ready -> {
                    assertThat(ready.status()).isEqualTo("Unknown");
                    assertThat(ready.message()).contains("Job mtgt-chat-1 reads its ledger");
                });
    }

    @Test
    void countsAndTheQueueAreWrittenAfterAPauseAndTheRestAtOnce() {
        // given a status, and one with another queue
        var target = Samples.target();
        var before = status(target, REACHED, NOW);
        target.setStatus(before);
        var queued =
                TargetReport.status(target, List.of(in(Phase.Queued, "a", 1)), REACHED, "db-1", "", NOW.plusSeconds(1));

        // then the queue waits for five seconds from the last write, and nothing new is never written
        assertThat(TargetReport.isDue(before, queued, NOW, NOW.plusMillis(4_999)))
                .isFalse();
        assertThat(TargetReport.isDue(before, queued, NOW, NOW.plusSeconds(5))).isTrue();
        assertThat(TargetReport.isDue(before, before, NOW, NOW.plusSeconds(3600)))
                .isFalse();

        // and what concerns the target itself does not wait
        var unreachable = status(target, UNREACHABLE, NOW);
        assertThat(TargetReport.isDue(before, unreachable, NOW, NOW)).isTrue();
        assertThat(TargetReport.isDue(null, before, null, NOW)).isTrue();
    }

    private static MigrationTargetStatus status(MigrationTarget target, Reach reach, Instant now) {
        return TargetReport.status(target, List.of(), reach, "db-1", "", now);
    }

    private static Migration in(Phase phase, String name, int minute) {
        var migration = Samples.schema(name);
        migration.getMetadata().setCreationTimestamp("2026-01-01T00:0%d:00Z".formatted(minute));
        migration.setStatus(new MigrationStatus(
                1, phase, "x", List.of(), null, null, null, null, null, null, null, null, null, null, null));
        return migration;
    }
}
