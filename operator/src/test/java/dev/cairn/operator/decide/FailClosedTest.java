package dev.cairn.operator.decide;

import static dev.cairn.operator.decide.Seen.aJob;
import static dev.cairn.operator.decide.Seen.ended;
import static dev.cairn.operator.decide.Seen.pending;
import static dev.cairn.operator.decide.Seen.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.operator.decide.Observation.NotPlanned;
import dev.cairn.plan.Reason;
import org.junit.jupiter.api.Test;

/** Without a target's word nothing is allowed. */
class FailClosedTest {
    @Test
    void aSuspendedJobStaysSuspendedWhenItsTargetIsGone() {
        var decision = decide(
                new Seen().target(false, false).plan(new NotPlanned()).job(aJob(new JobSeen.Unfinished(), true)));
        assertThat(decision).isInstanceOf(Decision.Track.class);
        assertThat(decision.verdict().reason()).isEqualTo(StatusReason.TargetNotFound);
    }

    @Test
    void aJobAtWorkIsStoppedWhenItsTargetIsGone() {
        var decision =
                decide(new Seen().target(false, false).plan(new NotPlanned()).job(running()));
        assertThat(decision).isInstanceOf(Decision.Suspend.class);
        assertThat(decision.verdict().reason()).isEqualTo(StatusReason.TargetNotFound);
    }

    @Test
    void itGoesOnWhenTheTargetIsBack() {
        assertThat(decide(new Seen().job(aJob(new JobSeen.Unfinished(), true)))).isInstanceOf(Decision.Resume.class);
    }

    @Test
    void aSuspendedJobDoesNotGoOnUnderATargetThatCannotBeUsedAndRecoversByItself() {
        var decision = decide(new Seen()
                .unusable("MigrationTarget/chat allows no containers")
                .job(aJob(new JobSeen.Unfinished(), true)));
        assertThat(decision).isInstanceOf(Decision.Wait.class);
        assertThat(decision.verdict().reason()).isEqualTo(StatusReason.InvalidSpec);
        assertThat(decision.verdict().message()).contains("allows no containers");
    }

    @Test
    void nothingTakesAJobsPlaceWithoutATargetsWord() {
        for (var seen : new Seen[] {
            new Seen().target(false, false),
            new Seen().target(true, true),
            new Seen().movedTarget(),
            new Seen().suspended(),
            new Seen().unusable("x")
        }) {
            var corrected = seen.job(pending(null)).operatorImage("cairn/runner:2");
            assertThat(decide(corrected)).isNotInstanceOf(Decision.Replace.class);
        }
    }

    @Test
    void whatEndedBeforeTheTargetWasGoneStillCounts() {
        var decision =
                decide(new Seen().target(false, false).plan(new NotPlanned()).job(ended(Reason.Applied, "ok", null)));
        assertThat(decision).isInstanceOf(Decision.Conclude.class);
    }

    private static Decision decide(Seen seen) {
        return NextStep.decide(seen.build());
    }
}
