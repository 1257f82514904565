package dev.cairn.operator.decide;

import static dev.cairn.operator.decide.Seen.HASH;
import static dev.cairn.operator.decide.Seen.JOB;
import static dev.cairn.operator.decide.Seen.aJob;
import static dev.cairn.operator.decide.Seen.ended;
import static dev.cairn.operator.decide.Seen.pending;
import static dev.cairn.operator.decide.Seen.running;
import static dev.cairn.operator.decide.Seen.withoutImage;
import static dev.cairn.operator.decide.StatusReason.AnotherMigrationRuns;
import static dev.cairn.operator.decide.StatusReason.Applied;
import static dev.cairn.operator.decide.StatusReason.DryRunComplete;
import static dev.cairn.operator.decide.StatusReason.SqlError;
import static dev.cairn.operator.decide.StatusReason.Starting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import dev.cairn.operator.decide.Observation.DependencySeen;
import dev.cairn.operator.decide.Observation.NotPlanned;
import dev.cairn.operator.decide.Observation.PlanIncomplete;
import dev.cairn.operator.decide.Observation.Planned;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NextStepTest {
    private static final DependencySeen OPEN = new DependencySeen("SchemaMigration/add", true, false, null);

    @Test
    void aMigrationWithNothingInItsWayGetsItsJob() {
        assertThat(decide(new Seen()))
                .isInstanceOfSatisfying(
                        Decision.Start.class, start -> assertThat(start.job()).isEqualTo(JOB));
    }

    @Test
    void whatWasAppliedStaysAppliedWhenItsDependenciesAreNot() {
        var seen = new Seen()
                .past(Phase.Applied, Applied, HASH, JOB, 1)
                .dependsOn(OPEN)
                .suspended();
        assertConcluded(decide(seen), Applied);
    }

    @Test
    void whatWasAppliedStaysAppliedWhenItsJobTargetAndConfigMapAreGone() {
        var applied = new Seen().past(Phase.Applied, Applied, HASH, JOB, 1);
        assertConcluded(decide(applied.target(false, false).plan(new NotPlanned())), Applied);
        assertConcluded(decide(applied.plan(new PlanIncomplete("ConfigMap/sql"))), Applied);
        assertConcluded(decide(applied.plan(new Observation.PlanInvalid("no key ends in .sql"))), Applied);
    }

    @Test
    void anAppliedPlanThatHasGrownGetsANewJob() {
        var seen = new Seen().past(Phase.Applied, Applied, "sha256:0", "dmig-backfill-0", 1);
        assertThat(decide(seen)).isInstanceOf(Decision.Start.class);
    }

    @Test
    void aDryRunIsOverUntilItsPlanOrItsRetryChanges() {
        var planned = new Seen().past(Phase.Planned, DryRunComplete, HASH, JOB, 0);
        assertConcluded(decide(planned), DryRunComplete);
        assertConcluded(decide(planned.dependsOn(OPEN).plan(new PlanIncomplete("ConfigMap/sql"))), DryRunComplete);
        assertThat(decide(new Seen()
                        .past(Phase.Planned, DryRunComplete, HASH, JOB, 0)
                        .retry("2")))
                .isInstanceOf(Decision.Start.class);
        assertThat(decide(new Seen().past(Phase.Planned, DryRunComplete, "sha256:0", "dmig-backfill-0", 0)))
                .isInstanceOf(Decision.Start.class);
    }

    @Test
    void aDryRunAtWorkGivesWayToAnEditedPlan() {
        var other = new Planned("sha256:2", "dmig-backfill-2");
        var dry = new JobSeen(
                JOB, HASH, Seen.IMAGE, true, new JobSeen.Unfinished(), false, 1, null, List.of(running()), Seen.FIRST);
        assertThat(decide(new Seen().job(dry))).isInstanceOf(Decision.Track.class);
        assertThat(decide(new Seen().plan(other).job(dry))).isInstanceOf(Decision.Discard.class);
    }

    @Test
    void whatADryRunHasLeftBehindNeverReadsAsApplied() {
        // a Job that has lost its annotation, and the pod's last word
        var outcome = new Outcome(Reason.DryRunComplete, "done", null, null, Progress.NONE, Seen.forecast());
        assertConcluded(decide(new Seen().job(ended(0, "Completed", outcome))), DryRunComplete);
    }

    @Test
    void whatFailedStaysFailedWhenItsJobIsGone() {
        assertConcluded(decide(new Seen().past(Phase.Failed, SqlError, HASH, JOB, 1)), SqlError);
    }

    @Test
    void whatFailedStartsAgainWhenItsPlanOrItsRetryChanges() {
        var edited = new Seen().past(Phase.Failed, SqlError, "sha256:0", "dmig-backfill-0", 1);
        assertThat(decide(edited)).isInstanceOf(Decision.Start.class);
        var asked = new Seen()
                .past(Phase.Failed, SqlError, HASH, "dmig-backfill-0", 1)
                .retry("again");
        assertThat(decide(asked)).isInstanceOf(Decision.Start.class);
    }

    @Test
    void aFailureThatNeededNoJobRecoversByItself() {
        var seen = new Seen().past(Phase.Failed, StatusReason.DependencyCycle, HASH, null, 0);
        assertThat(decide(seen)).isInstanceOf(Decision.Start.class);
    }

    @Test
    void aJobAtWorkIsStoppedAndNotDeletedWhenItIsSuspended() {
        assertThat(decide(new Seen().suspended().job(running()))).isInstanceOf(Decision.Suspend.class);
        assertThat(decide(new Seen().target(true, true).job(running()))).isInstanceOf(Decision.Suspend.class);
        assertThat(decide(new Seen().suspended().job(aJob(new JobSeen.Unfinished(), true))))
                .isInstanceOf(Decision.Track.class);
    }

    @Test
    void aSuspendedJobGoesOnWhenNothingSuspendsItAnyMore() {
        assertThat(decide(new Seen().job(aJob(new JobSeen.Unfinished(), true)))).isInstanceOf(Decision.Resume.class);
    }

    @Test
    void aSuspendedJobWaitsForItsTurnLikeANewOne() {
        var decision =
                decide(new Seen().job(aJob(new JobSeen.Unfinished(), true)).ahead("DataMigration/other"));
        assertThat(decision).isInstanceOf(Decision.Track.class);
        assertThat(decision.verdict().reason()).isEqualTo(AnotherMigrationRuns);
    }

    @Test
    void theLastWordOfAPodCountsEvenWhenTheJobIsSuspendedBeforeItHasHeard() {
        var seen = new Seen().suspended().job(ended(Reason.Applied, "ok", null));
        assertConcluded(decide(seen), Applied);
    }

    @Test
    void aMigrationAtWorkDoesNotMindWhatHappensToItsDependencies() {
        var seen =
                new Seen().dependsOn(OPEN).plan(new NotPlanned()).job(running()).says(Activity.Running, null);
        assertThat(decide(seen).verdict().reason()).isEqualTo(StatusReason.Running);
    }

    @Test
    void aJobThatCannotStartWithAnOldImageIsReplaced() {
        var stuck = new Seen().job(withoutImage()).operatorImage("cairn/runner:2");
        assertThat(decide(stuck)).isInstanceOf(Decision.Replace.class);
        var retrying =
                new Seen().job(ended(Reason.InternalError, "a bug", null)).operatorImage("cairn/runner:2");
        assertThat(decide(retrying)).isInstanceOf(Decision.Replace.class);
    }

    @Test
    void aJobAtWorkKeepsItsImage() {
        var seen = new Seen().job(running()).operatorImage("cairn/runner:2");
        assertThat(decide(seen)).isInstanceOf(Decision.Track.class);
    }

    @Test
    void aJobThatHasNotBegunGivesWayToAnEditedPlan() {
        var edited = new Planned("sha256:2", "dmig-backfill-2");
        assertThat(decide(new Seen().plan(edited).job(pending(null)))).isInstanceOf(Decision.Discard.class);
        var begun = new Seen().plan(edited).job(pending(null)).past(Phase.Running, Starting, HASH, JOB, 1);
        assertThat(decide(begun)).isInstanceOf(Decision.Track.class);
    }

    @Test
    void aJobThatIsBeingDeletedIsWaitedFor() {
        assertThat(decide(new Seen().job(aJob(new JobSeen.Deleting(), false)))).isInstanceOf(Decision.Wait.class);
    }

    @Test
    void onlyTheNewestThreeFailedPodsAreKeptAndOnlyCountedOnesAreDeleted() {
        var pods = IntStream.range(0, 6)
                .mapToObj(n -> new PodSeen(
                        "pod-" + n,
                        Seen.NOW.minusSeconds(n),
                        n != 4,
                        false,
                        ended(137, "Error", null).state()))
                .toArray(PodSeen[]::new);
        assertThat(decide(new Seen().job(pods)))
                .isInstanceOfSatisfying(
                        Decision.Track.class,
                        track -> assertThat(track.old().pods()).containsExactly("pod-3", "pod-5"));
    }

    private static Decision decide(Seen seen) {
        return NextStep.decide(seen.build());
    }

    private static void assertConcluded(Decision decision, StatusReason reason) {
        assertThat(decision).isInstanceOf(Decision.Conclude.class);
        assertThat(decision.verdict().reason()).isEqualTo(reason);
    }
}
