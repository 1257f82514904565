package dev.cairn.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.operator.decide.ReaderStep.Candidate;
import dev.cairn.operator.decide.ReaderStep.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When a target's ledger is read, and about which migrations. */
class ReaderStepTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void aNewTargetIsReadOnceAlsoWithoutMigrations() {
        assertThat(ReaderStep.next(seen(List.of(), true, false))).isEqualTo(new ReaderStep.Ask(List.of()));
        assertThat(ReaderStep.next(seen(List.of(), true, true))).isEqualTo(new ReaderStep.Nothing());
        assertThat(ReaderStep.isComplete(seen(List.of(), true, true))).isTrue();
    }

    @Test
    void allThatIsAppliedIsAskedAboutWhenTheTargetIsNewAndTheRestGoesAlong() {
        var candidates = List.of(
                new Candidate("fresh", Standing.FRESH, false, false),
                new Candidate("done", Standing.DONE, false, false),
                new Candidate("asked", Standing.DONE, true, false),
                new Candidate("at work", Standing.OTHER, false, false));
        var seen = seen(candidates, true, true);
        assertThat(ReaderStep.next(seen)).isEqualTo(new ReaderStep.Ask(List.of("done", "fresh")));
        assertThat(ReaderStep.isComplete(seen)).isFalse();
    }

    @Test
    void afterThatOnlyARetryAsksAboutWhatIsApplied() {
        var quiet = new Candidate("quiet", Standing.DONE, false, false);
        assertThat(ReaderStep.next(seen(List.of(quiet), false, true))).isEqualTo(new ReaderStep.Nothing());
        var retried = new Candidate("retried", Standing.DONE, false, true);
        assertThat(ReaderStep.next(seen(List.of(quiet, retried), false, true)))
                .isEqualTo(new ReaderStep.Ask(List.of("retried")));
    }

    @Test
    void whatIsLostIsAskedAboutOnceForEachPlaceThatTheTargetLeadsTo() {
        var lost = new Candidate("lost", Standing.LOST, false, false);
        assertThat(ReaderStep.next(seen(List.of(lost), false, true))).isEqualTo(new ReaderStep.Ask(List.of("lost")));
        var asked = new Candidate("lost", Standing.LOST, true, false);
        assertThat(ReaderStep.next(seen(List.of(asked), false, true))).isEqualTo(new ReaderStep.Nothing());
    }

    @Test
    void aTargetThatAnEarlierProcessReachedIsReadOnceMoreWhenItsTurnComes() {
        var quiet = new Candidate("quiet", Standing.DONE, false, false);
        var waits = new ReaderStep.Seen(
                List.of(quiet), false, false, false, null, null, null, null, NOW.plusSeconds(7), NOW);
        assertThat(ReaderStep.next(waits)).isEqualTo(new ReaderStep.Later(Duration.ofSeconds(7)));
        assertThat(ReaderStep.next(seen(List.of(quiet), false, false))).isEqualTo(new ReaderStep.Ask(List.of()));
        assertThat(ReaderStep.next(seen(List.of(quiet), false, true))).isEqualTo(new ReaderStep.Nothing());
    }

    @Test
    void aFewNewMigrationsAskForThemselvesAndManyAskTogether() {
        assertThat(ReaderStep.next(seen(fresh(ReaderStep.MANY - 1), false, true)))
                .isEqualTo(new ReaderStep.Nothing());
        var many = seen(fresh(ReaderStep.MANY), false, true);
        assertThat(ReaderStep.next(many)).isInstanceOf(ReaderStep.Ask.class);
        assertThat(ReaderStep.isWorthWaiting(many)).isTrue();
    }

    @Test
    void aQuestionHasRoomForSoManyAndTheRestFollows() {
        var seen = seen(fresh(5000), false, true);
        assertThat(ReaderStep.next(seen))
                .isInstanceOfSatisfying(
                        ReaderStep.Ask.class, ask -> assertThat(ask.uids()).hasSize(3500));
    }

    @Test
    void nobodyWaitsForADatabaseThatCannotBeReachedAndThePausesGrow() {
        var justFailed = failing(NOW.minusSeconds(1), NOW.minusSeconds(20));
        assertThat(ReaderStep.isWorthWaiting(justFailed)).isFalse();
        assertThat(ReaderStep.next(justFailed)).isEqualTo(new ReaderStep.Later(Duration.ofSeconds(9)));
        var forLong = failing(NOW, NOW.minusSeconds(200));
        assertThat(ReaderStep.next(forLong)).isEqualTo(new ReaderStep.Later(Duration.ofSeconds(100)));
        var forHours = failing(NOW, NOW.minus(Duration.ofHours(5)));
        assertThat(ReaderStep.next(forHours)).isEqualTo(new ReaderStep.Later(Duration.ofMinutes(5)));
    }

    @Test
    void newMigrationsDoNotWaitForLong() {
        var waiting = new ReaderStep.Seen(
                fresh(20), false, true, true, NOW.minusSeconds(31), null, null, NOW.minusSeconds(31), NOW, NOW);
        assertThat(ReaderStep.next(waiting)).isEqualTo(new ReaderStep.AtWork());
        assertThat(ReaderStep.isWorthWaiting(waiting)).isFalse();
    }

    private static ReaderStep.Seen failing(Instant failed, Instant since) {
        return new ReaderStep.Seen(fresh(20), false, true, false, since, failed, since, NOW, NOW, NOW);
    }

    private static ReaderStep.Seen seen(List<Candidate> candidates, boolean isNew, boolean reached) {
        return new ReaderStep.Seen(candidates, isNew, reached, false, null, null, null, null, NOW, NOW);
    }

    private static List<Candidate> fresh(int count) {
        return new ArrayList<>(IntStream.range(0, count)
                .mapToObj(n -> new Candidate("uid-" + n, Standing.FRESH, false, false))
                .toList());
    }
}
