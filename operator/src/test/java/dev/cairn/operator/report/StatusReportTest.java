package dev.cairn.operator.report;

import static dev.cairn.operator.decide.Seen.HASH;
import static dev.cairn.operator.decide.Seen.JOB;
import static dev.cairn.operator.decide.Seen.NOW;
import static dev.cairn.operator.decide.Seen.ended;
import static dev.cairn.operator.decide.Seen.running;
import static dev.cairn.operator.decide.StatusReason.DryRunComplete;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Condition;
import dev.cairn.crds.MigrationStatus;
import dev.cairn.crds.Phase;
import dev.cairn.operator.decide.JobSeen;
import dev.cairn.operator.decide.NextStep;
import dev.cairn.operator.decide.Observation;
import dev.cairn.operator.decide.Observation.DependencySeen;
import dev.cairn.operator.decide.Observation.Planned;
import dev.cairn.operator.decide.Observation.Sighting;
import dev.cairn.operator.decide.PodSeen;
import dev.cairn.operator.decide.Seen;
import dev.cairn.plan.Checksum;
import dev.cairn.plan.Identity;
import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusReportTest {
    private static final DependencySeen OPEN = new DependencySeen("SchemaMigration/add", true, false, null);

    @Test
    void theContentHashIsThatOfThePlanThatTheStatusSpeaksOf() {
        var plan = new Plan(
                new Identity("chat", MigrationKind.SchemaMigration, "add"),
                new Work.Schema(List.of(new Work.Step("1", "SELECT 1"))));
        var seen = new Seen().plan(new Planned(plan.hash(), "smig-add")).build();
        var status = StatusReport.status(null, 1, NextStep.decide(seen), seen);

        var known = StatusReport.withContent(status, plan);
        assertThat(known.contentHash()).isEqualTo(Checksum.of(plan).content());
        assertThat(StatusReport.isDue(status, known, null, seen.now())).isTrue();
        // and it is kept while the plan is not looked up
        assertThat(StatusReport.status(known, 1, NextStep.decide(seen), seen).contentHash())
                .isEqualTo(known.contentHash());
        // and belongs to no other plan
        var other = new Seen().plan(new Planned("sha256:2", "smig-add-2")).build();
        assertThat(StatusReport.withContent(StatusReport.status(known, 2, NextStep.decide(other), other), plan)
                        .contentHash())
                .isNull();
    }

    @Test
    void theConditionsFollowThePhase() {
        assertThat(conditions(report(null, new Seen().dependsOn(OPEN).build())))
                .containsExactly("Ready=False", "Reconciling=True");
        assertThat(conditions(report(
                        null, new Seen().job(ended(Reason.Applied, "", null)).build())))
                .containsExactly("Ready=True");
        assertThat(conditions(report(
                        null, new Seen().job(ended(Reason.SqlError, "", null)).build())))
                .containsExactly("Ready=False", "Stalled=True");
    }

    @Test
    void aTransitionTimeMovesOnlyWhenTheStatusFlips() {
        // given a migration that waits since noon
        var waiting = report(null, new Seen().dependsOn(OPEN).build());

        // when it runs a minute later, and is applied another minute later
        var runs = report(waiting, later(at(running(), Activity.Running, 10), 1));
        var applied = report(
                runs, later(new Seen().job(ended(Reason.Applied, "", null)).build(), 2));

        // then
        assertThat(since(runs, "Ready")).isEqualTo("2026-01-01T12:00:00Z");
        assertThat(since(applied, "Ready")).isEqualTo("2026-01-01T12:02:00Z");
        assertThat(since(runs, "Reconciling")).isEqualTo("2026-01-01T12:00:00Z");
        assertThat(applied.conditions())
                .allSatisfy(
                        condition -> assertThat(condition.observedGeneration()).isEqualTo(7));
    }

    @Test
    void progressIsShownAsShareRateAndTimeLeft() {
        var status = report(null, at(running(), Activity.Running, 620));
        assertThat(status.display()).isEqualTo(new MigrationStatus.Display("62%", "100/s", "4s"));
        assertThat(status.progress().estimatedCompletion()).isEqualTo("2026-01-01T12:00:04Z");
        assertThat(status.checkpoint().ranges()).containsExactly(new MigrationStatus.Range(null, "z", "c", 620));
        assertThat(status.attempts()).isEqualTo(1);
    }

    @Test
    void everythingWalkedIsNotEverythingDone() {
        var status = report(null, at(running(), Activity.Running, 5000));
        assertThat(status.display().progress()).isEqualTo("99%");
        assertThat(status.display().eta()).isNull();
    }

    @Test
    void attemptsCheckpointAndShareOnlyGoForward() {
        var before = report(null, at(running(), Activity.Running, 620));
        var after = report(before, at(running(), Activity.Running, 300));
        assertThat(after.display().progress()).isEqualTo("62%");
        assertThat(after.checkpoint()).isEqualTo(before.checkpoint());
        assertThat(after.attempts()).isEqualTo(1);
    }

    @Test
    void aSuspendedMigrationKeepsItsCheckpointAndHasNoRate() {
        var before = report(null, at(running(), Activity.Running, 620));
        var after = report(
                before,
                new Seen()
                        .suspended()
                        .job(Seen.aJob(new JobSeen.Unfinished(), true))
                        .build());
        assertThat(after.phase()).isEqualTo(Phase.Suspended);
        assertThat(after.checkpoint()).isEqualTo(before.checkpoint());
        assertThat(after.display()).isEqualTo(new MigrationStatus.Display("62%", null, null));
    }

    @Test
    void aPodsLastWordsCountWhereItsProgressWasNotPolledAnyMore() {
        var before = report(null, at(running(), Activity.Running, 5));
        var after = report(
                before, new Seen().job(ended(Reason.Stopped, "stopped", null)).build());
        assertThat(after.progress().walked()).isEqualTo(10);
    }

    @Test
    void schemaStepsAreCounted() {
        var progress = new Progress(Activity.Running, null, 1, 2, 3, 0, 0, null, 0, 0, 0, List.of());
        var status = report(null, with(new Seen().job(running()).build(), progress));
        assertThat(status.display()).isEqualTo(new MigrationStatus.Display("2/3 steps", null, null));
    }

    @Test
    void anotherWalkHasAShareOfItsOwnAndSoHasItsVerification() {
        // given a walk that is nearly done
        var status = report(null, at(running(), Activity.Running, 990));
        assertThat(status.display().progress()).isEqualTo("99%");

        // when verify is asked about the first of its keys, and it walks again
        status = report(status, inWalk(null, 990, 300L));
        assertThat(status.display().progress()).isEqualTo("30% verified");
        status = report(status, inWalk(2, 20, null));
        assertThat(status.display().progress()).isEqualTo("2% of walk 2");
        assertThat(status.progress().walk()).isEqualTo(2);
        assertThat(status.progress().verified()).isNull();

        // then an answer that comes late does not take it back, and its share does not fall
        assertThat(report(status, at(running(), Activity.Running, 995)).progress())
                .isEqualTo(status.progress());
        status = report(status, inWalk(2, 500, null));
        status = report(status, inWalk(2, 500, 10L));
        assertThat(status.display().progress()).isEqualTo("2% verified");
    }

    private static Observation inWalk(Integer walk, long walked, Long verified) {
        var activity = verified == null ? Activity.Running : Activity.Verifying;
        var progress = new Progress(
                activity, null, 1, 0, 0, 990, walk, walked, 1000L, verified, 9, 9, 1, List.of(), 0, List.of(), null);
        return with(new Seen().job(running()).build(), progress);
    }

    @Test
    void anEditedPlanBeginsItsFiguresAnewButNotItsAttempts() {
        var before = report(null, at(running(), Activity.Running, 620));
        var edited = new Seen()
                .plan(new Observation.Planned("sha256:2", "dmig-backfill-2"))
                .build();
        var after = report(before, edited);
        assertThat(after.planHash()).isEqualTo("sha256:2");
        assertThat(after.checkpoint()).isNull();
        assertThat(after.attempts()).isEqualTo(1);
    }

    @Test
    void aRetryIsAnsweredByTheJobThatIsAtWorkAndNotByOneThatHasEnded() {
        assertThat(report(null, new Seen().retry("1").build()).retry()).isEqualTo("1");
        assertThat(report(null, new Seen().retry("1").job(running()).build()).retry())
                .isEqualTo("1");
        assertThat(report(
                                null,
                                new Seen()
                                        .retry("1")
                                        .job(ended(Reason.SqlError, "", null))
                                        .build())
                        .retry())
                .isNull();
    }

    @Test
    void aDryRunIsNeitherReadyNorOnItsWayAndKeepsItsForecastUntilThePlanChanges() {
        var dry = report(
                null, new Seen().job(Seen.dryRun(Seen.forecast("mind it"))).build());
        assertThat(conditions(dry)).containsExactly("Ready=False");
        assertThat(dry.display()).isEqualTo(new MigrationStatus.Display("~6.0M rows", null, "~12m"));
        assertThat(dry.forecast())
                .isEqualTo(new MigrationStatus.Forecast(
                        6_000_000, 5L, 6000, 1000, "12m", false, "t_pkey (id)", List.of("mind it"), "Update on t"));
        assertThat(dry.attempts()).isNull();

        // its Job is gone, and the status alone remembers
        var later = report(
                dry,
                new Seen().past(Phase.Planned, DryRunComplete, HASH, JOB, 0).build());
        assertThat(later.forecast()).isEqualTo(dry.forecast());
        assertThat(later.display()).isEqualTo(dry.display());

        // when it is to be applied, the forecast is of another plan
        var applied = report(
                dry, new Seen().plan(new Planned("sha256:2", "dmig-backfill-2")).build());
        assertThat(applied.phase()).isEqualTo(Phase.Running);
        assertThat(applied.forecast()).isNull();
    }

    @Test
    void theHistoryHoldsTheLastTwentyChangesOfPhase() {
        MigrationStatus status = null;
        for (int i = 0; i < 15; i++) {
            status = report(status, new Seen().dependsOn(OPEN).build());
            status = report(status, new Seen().suspended().build());
            status = report(status, at(running(), Activity.Running, 10));
            status = report(status, at(running(), Activity.Verifying, 10));
        }
        assertThat(status.history()).hasSize(20);
        assertThat(status.history().getLast().event()).isEqualTo("Running/Running");
    }

    @Test
    void goingToAndFroIsToldByItsStartAndItsEnd() {
        var status = report(null, new Seen().dependsOn(OPEN).build());
        for (int minute = 1; minute < 60; minute += 2) {
            status = report(status, later(at(running(), Activity.Running, 10), minute));
            status = report(status, later(held("deadTuples 12 > 10"), minute + 1));
        }
        assertThat(status.history())
                .extracting(change -> change.at() + " " + change.event())
                .containsExactly(
                        "2026-01-01T12:00:00Z Waiting/DependencyNotReady",
                        "2026-01-01T12:01:00Z Running/Running",
                        "2026-01-01T12:58:00Z Held/Throttled",
                        "2026-01-01T12:59:00Z Running/Running",
                        "2026-01-01T13:00:00Z Held/Throttled");
    }

    @Test
    void whatHoldsIsInTheProgressForAsLongAsItHolds() {
        var status = report(report(null, at(running(), Activity.Running, 10)), held("deadTuples 12 > 10"));
        assertThat(status.phase()).isEqualTo(Phase.Held);
        assertThat(status.progress().heldBy()).containsExactly("deadTuples 12 > 10");
        assertThat(status.progress().rowsPerSecond()).isNull();

        assertThat(report(status, at(running(), Activity.Running, 10))
                        .progress()
                        .heldBy())
                .isNull();
        var suspended = new Seen().suspended().job(Seen.aJob(new JobSeen.Unfinished(), true));
        assertThat(report(status, suspended.build()).progress().heldBy()).isNull();
    }

    @Test
    void theFiguresOfAHoldAreFiguresThoughTheyAreInTheMessage() {
        var before = report(null, held("deadTuples 12 > 10"));
        var moved = report(before, held("deadTuples 13 > 10"));
        assertThat(moved.conditions()).isNotEqualTo(before.conditions());
        assertThat(isDue(before, moved, Duration.ofSeconds(14))).isFalse();
        assertThat(isDue(before, moved, Duration.ofSeconds(15))).isTrue();
        assertThat(isDue(before, report(before, at(running(), Activity.Running, 10)), Duration.ZERO))
                .isTrue();
    }

    @Test
    void wordsAreWrittenAtOnceAndFiguresEveryFifteenSeconds() {
        var before = report(null, at(running(), Activity.Running, 10));
        var moved = report(before, at(running(), Activity.Running, 20));
        var verifies = report(before, at(running(), Activity.Verifying, 20));
        assertThat(isDue(before, before, Duration.ofHours(1))).isFalse();
        assertThat(isDue(before, moved, Duration.ofSeconds(14))).isFalse();
        assertThat(isDue(before, moved, Duration.ofSeconds(15))).isTrue();
        assertThat(isDue(before, verifies, Duration.ZERO)).isTrue();
        assertThat(StatusReport.isDue(null, before, null, NOW)).isTrue();
    }

    @Test
    void theLastFiguresOfAStoppedPodAreWrittenAtOnceForNoneFollow() {
        // given a migration that was suspended a moment ago, while its pod still worked
        var job = Seen.aJob(new JobSeen.Unfinished(), true);
        var seen = new Seen().suspended().job(job).build();
        var before = report(report(null, at(running(), Activity.Running, 10)), seen);

        // when the pod says at its end how far it came
        var last = at(running(), Activity.Running, 20).progress();
        var after = report(before, copy(seen, last, seen.now()));

        // then
        assertThat(after.progress().walked()).isEqualTo(20);
        assertThat(isDue(before, after, Duration.ZERO)).isTrue();
    }

    private static boolean isDue(MigrationStatus before, MigrationStatus after, Duration sinceWritten) {
        return StatusReport.isDue(before, after, NOW.minus(sinceWritten), NOW);
    }

    @Test
    void aHoldThatComesAndGoesIsToldOnceInEachDirection() {
        var runs = at(running(), Activity.Running, 10);
        var holds = held("deadTuples 12 > 10");
        var status = report(null, new Seen().build());
        var told = new ArrayList<Boolean>();
        for (var seen : List.of(holds, runs, holds, runs, holds)) {
            told.add(StatusReport.isNews(status, NextStep.decide(seen).verdict()));
            status = report(status, seen);
        }
        assertThat(told).containsExactly(true, true, false, false, false);
        var failed = new Seen().job(ended(Reason.SqlError, "", null)).build();
        assertThat(StatusReport.isNews(status, NextStep.decide(failed).verdict()))
                .isTrue();
    }

    private static MigrationStatus report(MigrationStatus before, Observation seen) {
        return StatusReport.status(before, 7, NextStep.decide(seen), seen);
    }

    private static Observation at(PodSeen pod, Activity activity, long walked) {
        var range = new Progress.Range(null, "z", "c", walked);
        var progress = new Progress(activity, null, 1, 0, 0, walked, walked, 1000L, 100, 50, 1, List.of(range));
        return with(new Seen().job(pod).build(), progress);
    }

    private static Observation held(String hold) {
        var seen = at(running(), Activity.Held, 10);
        return with(seen, seen.progress().progress().with(null, List.of(), List.of(hold)));
    }

    private static Observation with(Observation seen, Progress progress) {
        return copy(seen, new Sighting(progress, 0), seen.now());
    }

    private static Observation later(Observation seen, int minutes) {
        return copy(seen, seen.progress(), seen.now().plus(Duration.ofMinutes(minutes)));
    }

    private static Observation copy(Observation seen, Sighting sighting, Instant now) {
        return new Observation(
                seen.self(),
                seen.suspended(),
                seen.retry(),
                seen.policy(),
                seen.plan(),
                seen.dependencies(),
                seen.cycle(),
                seen.past(),
                seen.job(),
                sighting,
                seen.ahead(),
                seen.ledger(),
                seen.ledgerAwaited(),
                seen.runnerImage(),
                seen.rendered(),
                now);
    }

    private static List<String> conditions(MigrationStatus status) {
        return status.conditions().stream()
                .map(condition -> condition.type() + "=" + condition.status())
                .toList();
    }

    private static String since(MigrationStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .map(Condition::lastTransitionTime)
                .findFirst()
                .orElseThrow();
    }
}
