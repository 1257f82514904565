package dev.cairn.operator.decide;

import static dev.cairn.operator.decide.Seen.HASH;
import static dev.cairn.operator.decide.Seen.IMAGE;
import static dev.cairn.operator.decide.Seen.JOB;
import static dev.cairn.operator.decide.Seen.NOW;
import static dev.cairn.operator.decide.Seen.RENDERED;
import static dev.cairn.operator.decide.Seen.SUCCESSOR;
import static dev.cairn.operator.decide.Seen.ended;
import static dev.cairn.operator.decide.Seen.pending;
import static dev.cairn.operator.decide.Seen.running;
import static dev.cairn.operator.decide.Seen.withoutImage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a Job gives way to another one of the same plan. */
class ReplacementTest {
    private static final ProgressMark FAR = new ProgressMark(1, 1_000, 1_000, 0, 0);

    /** Its runner last said that ten keys are walked. */
    private static final PodSeen TEN_WALKED = ended(Reason.ConnectionLost, "gone", null);

    @Test
    void anAttemptThatMadeProgressIsFollowedAtOnce() {
        assertThat(decide(new Seen().job(TEN_WALKED))).isInstanceOfSatisfying(Decision.Replace.class, replace -> {
            assertThat(replace.job()).isEqualTo(SUCCESSOR);
            assertThat(replace.former()).isEqualTo(new Decision.Former(JOB, true, List.of()));
            assertThat(replace.startsFrom().walked()).isEqualTo(10);
            assertThat(replace.verdict().reason()).isEqualTo(StatusReason.Retrying);
            assertThat(replace.verdict().message()).contains("tries again now", "gone");
        });
    }

    @Test
    void soIsOneThatWasKilledAndHadToldItsProgress() {
        assertThat(decide(new Seen().job(ended(137, "Error", null)).says(Activity.Running, null)))
                .isInstanceOf(Decision.Replace.class);
    }

    @Test
    void soIsOneThatWasKilledAndLeftItsProgress() {
        var end = (PodSeen.Ended) ended(137, "Error", null).state();
        var progress = ((PodSeen.Ended) TEN_WALKED.state()).progress();
        var killed =
                new PodSeen("pod-old", NOW, true, false, new PodSeen.Ended(137, end.cause(), null, progress, end.at()));
        assertThat(decide(new Seen().job(killed))).isInstanceOfSatisfying(Decision.Replace.class, replace -> {
            assertThat(replace.startsFrom().walked()).isEqualTo(10);
            assertThat(replace.verdict().message()).contains("exit code 137", "left no outcome");
        });
        assertThat(decide(new Seen().job(job(startedFrom(FAR), killed)))).isInstanceOf(Decision.Track.class);
    }

    @Test
    void oneWithoutProgressWaitsForTheJobControllersPause() {
        assertThat(decide(new Seen().job(job(startedFrom(FAR), TEN_WALKED)))).isInstanceOf(Decision.Track.class);
        assertThat(decide(new Seen().job(ended(137, "Error", null)))).isInstanceOf(Decision.Track.class);
    }

    @Test
    void aPodThatSomebodyDeletedIsReplacedByProgressAsWell() {
        var gone =
                new JobSeen(JOB, HASH, IMAGE, false, new JobSeen.Unfinished(), false, 1, null, List.of(), Seen.FIRST);
        assertThat(decide(new Seen().job(gone).says(Activity.Running, null))).isInstanceOf(Decision.Replace.class);
        assertThat(decide(new Seen().job(gone))).isInstanceOf(Decision.Track.class);
    }

    @Test
    void aJobThatGaveWayBeforeItsSuccessorWasMadeGetsOne() {
        var gaveWay = new Attempt(RENDERED, FAR, SUCCESSOR, true, null, List.of());
        for (JobSeen.State state : List.of(new JobSeen.Unfinished(), new JobSeen.Failed("BackoffLimitExceeded"))) {
            var job = new JobSeen(JOB, HASH, IMAGE, false, state, true, 1, null, List.of(TEN_WALKED), gaveWay);
            assertThat(decide(new Seen().job(job))).isInstanceOf(Decision.Replace.class);
            assertThat(decide(new Seen().job(job).suspended()).verdict().reason())
                    .isEqualTo(StatusReason.Suspended);
        }
    }

    @Test
    void aCorrectionOfTheTargetReachesAJobThatIsNotAtWork() {
        var old = new Attempt("older", FAR, SUCCESSOR, false, null, List.of());
        assertThat(decide(new Seen().job(job(old, withoutImage()))))
                .isInstanceOfSatisfying(
                        Decision.Replace.class,
                        replace -> assertThat(replace.former().evidence()).isFalse());
        assertThat(decide(new Seen().job(job(old, ended(137, "OOMKilled", null)))))
                .isInstanceOfSatisfying(
                        Decision.Replace.class,
                        replace -> assertThat(replace.former().evidence()).isTrue());
        assertThat(decide(new Seen().job(suspended(old)))).isInstanceOf(Decision.Replace.class);
        assertThat(decide(new Seen().job(suspended(old)).suspended())).isInstanceOf(Decision.Track.class);
        assertThat(decide(new Seen().job(job(old, running())))).isInstanceOf(Decision.Track.class);
    }

    @Test
    void aJobOfAReleaseThatWroteNoDigestIsLeftAlone() {
        var unknown = new Attempt("", FAR, SUCCESSOR, false, null, List.of());
        assertThat(decide(new Seen().job(job(unknown, pending(null))))).isInstanceOf(Decision.Track.class);
    }

    @Test
    void aPodOnALostNodeIsReplacedByForce() {
        var lost = new PodSeen("pod-lost", NOW, false, true, new PodSeen.Running());
        assertThat(decide(new Seen().job(job(startedFrom(FAR), lost))))
                .isInstanceOfSatisfying(Decision.Replace.class, replace -> {
                    assertThat(replace.former()).isEqualTo(new Decision.Former(JOB, false, List.of("pod-lost")));
                    assertThat(replace.verdict().message()).contains("the node of its pod pod-lost is gone");
                });
    }

    @Test
    void aPodOnALostNodeIsReplacedByForceAlsoByAnOperatorThatComesUpAfterTheJobGaveWay() {
        var gaveWay = new Attempt(RENDERED, FAR, SUCCESSOR, true, null, List.of());
        var lost = new PodSeen("pod-lost", NOW, false, true, new PodSeen.Running());
        assertThat(decide(new Seen().job(job(gaveWay, lost))))
                .isInstanceOfSatisfying(
                        Decision.Replace.class,
                        replace -> assertThat(replace.former().lostPods()).containsExactly("pod-lost"));
    }

    @Test
    void aPodThatItsJobHasNotCountedYetIsLeftAlone() {
        var uncounted = new PodSeen("pod-old", NOW, false, false, TEN_WALKED.state());
        assertThat(decide(new Seen().job(uncounted))).isInstanceOf(Decision.Track.class);
        var old = new Attempt("older", FAR, SUCCESSOR, false, null, List.of());
        assertThat(decide(new Seen().job(job(old, uncounted)))).isInstanceOf(Decision.Track.class);
    }

    @Test
    void aJobThatGaveWayBeforeItBeganIsDiscardedWhenItsPlanWasEdited() {
        var gaveWay = new Attempt(RENDERED, FAR, SUCCESSOR, true, null, List.of());
        var edited = new Seen().plan(new Observation.Planned("sha256:2", "dmig-backfill-other"));
        assertThat(decide(edited.job(job(gaveWay)))).isInstanceOf(Decision.Discard.class);
    }

    @Test
    void whatEndedOnALostNodeHasEnded() {
        var done = (PodSeen.Ended) ended(Reason.Applied, "ok", null).state();
        var lost = new PodSeen("pod-lost", NOW, true, true, done);
        assertThat(decide(new Seen().job(job(startedFrom(FAR), lost)))).isInstanceOf(Decision.Conclude.class);
    }

    @Test
    void theNewestThreeFailedPodsAreKeptOverAllJobs() {
        var attempt = new Attempt(RENDERED, FAR, SUCCESSOR, false, null, List.of("job-4", "job-3", "job-2", "job-1"));
        assertThat(decide(new Seen().job(job(attempt, running(), TEN_WALKED))))
                .isInstanceOfSatisfying(
                        Decision.Track.class,
                        track -> assertThat(track.old().jobs()).containsExactly("job-2", "job-1"));
    }

    @Test
    void aMarkSurvivesItsText() {
        var mark = new ProgressMark(2, 3, 4, 5, 6);
        assertThat(ProgressMark.fromText(mark.toText())).isEqualTo(mark);
        assertThat(ProgressMark.fromText("")).isEqualTo(ProgressMark.NONE);
    }

    private static Attempt startedFrom(ProgressMark mark) {
        return new Attempt(RENDERED, mark, SUCCESSOR, false, null, List.of());
    }

    private static JobSeen job(Attempt attempt, PodSeen... pods) {
        return new JobSeen(JOB, HASH, IMAGE, false, new JobSeen.Unfinished(), false, 0, null, List.of(pods), attempt);
    }

    private static JobSeen suspended(Attempt attempt) {
        return new JobSeen(JOB, HASH, IMAGE, false, new JobSeen.Unfinished(), true, 0, null, List.of(), attempt);
    }

    private static Decision decide(Seen seen) {
        return NextStep.decide(seen.build());
    }
}
