package dev.cairn.operator.decide;

import static dev.cairn.operator.decide.Seen.JOB;
import static dev.cairn.operator.decide.Seen.pending;
import static dev.cairn.operator.decide.Seen.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What takes the place of a decision that cannot be carried out, and what is said of it. */
class ImpedimentTest {
    private static final Verdict DECIDED = new Verdict(StatusReason.Retrying, Seen.SELF + " does what was decided.");
    private static final Decision START = new Decision.Start(DECIDED, JOB);
    private static final Decision RESUME = new Decision.Resume(DECIDED, JOB);
    private static final Decision TRACK = new Decision.Track(DECIDED, JOB, FailedPodRetention.NONE);
    private static final Decision REPLACE = new Decision.Replace(
            DECIDED,
            Seen.SUCCESSOR,
            new Decision.Former(JOB, false, List.of()),
            ProgressMark.NONE,
            FailedPodRetention.NONE);
    private static final Impediment REFUSED = new Impediment.Refused("HTTP 403, exceeded quota");

    static Stream<Arguments> rows() {
        return Stream.of(
                row(
                        START,
                        REFUSED,
                        "Refused Running/Starting",
                        "cannot start: the API server refuses what it needs (HTTP"),
                row(
                        TRACK,
                        REFUSED,
                        "Refused Running/Retrying",
                        "cannot start: the API server refuses a file of its Job"),
                row(
                        new Decision.Suspend(DECIDED, JOB),
                        REFUSED,
                        "Refused Running/Running",
                        "works on and is not suspended: the API server refuses to stop its Job dmig-backfill-1 (HTTP"),
                row(RESUME, REFUSED, "Refused Running/Retrying", "cannot let its Job go on: the API server refuses it"),
                row(
                        new Decision.Discard(DECIDED, JOB),
                        REFUSED,
                        "Refused Running/Retrying",
                        "cannot delete its former Job: the API server refuses it"),
                row(REPLACE, REFUSED, "Refused Running/Retrying", "cannot replace its Job: the API server refuses it"),
                row(START, new Impediment.TargetBusy(), "Wait Queued/AnotherMigrationRuns", "waits for its turn"),
                row(RESUME, new Impediment.TargetBusy(), "Track Queued/AnotherMigrationRuns", "waits for its turn"),
                row(
                        START,
                        new Impediment.TargetBusyWith("old"),
                        "Refused Queued/AnotherMigrationRuns",
                        "waits for Job old, which is at work on MigrationTarget/chat and belongs to no migration"),
                row(
                        START,
                        new Impediment.EarlierJob("old"),
                        "Refused Running/Starting",
                        "starts no second Job while its Job old, made from an earlier version of its spec, is not over"),
                row(
                        START,
                        new Impediment.NameTaken("ConfigMap", "c"),
                        "Refused Running/Starting",
                        "cannot create ConfigMap/c: an object of this name belongs to something else"),
                row(
                        REPLACE,
                        new Impediment.PodAtWork(JOB, "p"),
                        "Track Running/Retrying",
                        "does what was decided. Its Job dmig-backfill-1 stops the pod p first"));
    }

    @ParameterizedTest(name = "{2}: {3}")
    @MethodSource("rows")
    void whatCannotBeDoneIsSaidWithItsCauseAndNextStep(
            Decision decision, Impediment impediment, String instead, String words) {
        var done = impediment.inPlaceOf(decision, new Seen().job(pending(null)).build());
        var verdict = done.verdict();
        assertThat(done.getClass().getSimpleName() + " " + verdict.phase() + "/" + verdict.reason())
                .isEqualTo(instead);
        assertThat(verdict.message()).startsWith(Seen.SELF).contains(words).endsWith(".");
    }

    @Test
    void aJobAtWorkIsNotSaidToStart() {
        var done = REFUSED.inPlaceOf(TRACK, new Seen().job(running()).build());
        assertThat(done.verdict().message())
                .startsWith(DECIDED.message())
                .contains("gets no change of its settings meanwhile");
    }

    private static Arguments row(Decision decision, Impediment impediment, String instead, String words) {
        return arguments(decision, impediment, instead, words);
    }
}
