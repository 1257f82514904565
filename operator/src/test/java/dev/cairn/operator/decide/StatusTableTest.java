package dev.cairn.operator.decide;

import static dev.cairn.operator.decide.Seen.aJob;
import static dev.cairn.operator.decide.Seen.ended;
import static dev.cairn.operator.decide.Seen.pending;
import static dev.cairn.operator.decide.Seen.running;
import static dev.cairn.operator.decide.Seen.withoutImage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.cairn.crds.Phase;
import dev.cairn.operator.decide.Observation.DependencySeen;
import dev.cairn.operator.decide.Observation.PlanIncomplete;
import dev.cairn.operator.decide.Observation.PlanInvalid;
import dev.cairn.plan.LedgerState;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of the table in docs/reference/status.md: what is seen, and what is said of it. */
class StatusTableTest {
    private static final DependencySeen OPEN = new DependencySeen("SchemaMigration/add", true, false, null);
    private static final DependencySeen FAILED = new DependencySeen("SchemaMigration/add", true, false, Phase.Failed);
    private static final DependencySeen LOST = new DependencySeen("SchemaMigration/add", true, false, Phase.Lost);
    private static final DependencySeen MISSING = new DependencySeen("SchemaMigration/no", false, false, null);
    private static final DependencySeen READY = new DependencySeen("SchemaMigration/ok", true, true, null);

    static Stream<Arguments> rows() {
        return Stream.of(
                row(
                        new Seen().dependsOn(READY, OPEN),
                        "Waiting/DependencyNotReady",
                        "waits for SchemaMigration/add to be Ready; it starts by itself then"),
                row(
                        new Seen().dependsOn(FAILED),
                        "Waiting/DependencyNotReady",
                        "SchemaMigration/add, whose phase is Failed: its own message says what to do"),
                row(
                        new Seen().dependsOn(LOST),
                        "Waiting/DependencyNotReady",
                        "SchemaMigration/add, whose phase is Lost: its own message says what to do"),
                row(
                        new Seen().dependsOn(OPEN, MISSING),
                        "Waiting/DependencyNotFound",
                        "waits for SchemaMigration/no, which does not exist"),
                row(
                        new Seen().dependsOn(MISSING, MISSING),
                        "Waiting/DependencyNotFound",
                        "SchemaMigration/no and 1 more"),
                row(
                        new Seen().plan(new PlanIncomplete("ConfigMap/chat-sql")),
                        "Waiting/DependencyNotFound",
                        "waits for ConfigMap/chat-sql, which does not exist"),
                row(
                        new Seen().target(false, false).plan(new Observation.NotPlanned()),
                        "Waiting/TargetNotFound",
                        "MigrationTarget/chat, which does not exist"),
                row(
                        new Seen().ahead("DataMigration/other"),
                        "Queued/AnotherMigrationRuns",
                        "status.queue of the target shows the order"),
                row(
                        new Seen().ledgerAwaited(),
                        "Queued/AnotherMigrationRuns",
                        "waits for the Job that reads the ledger of MigrationTarget/chat"),
                row(
                        new Seen().ledgerAwaited().ahead("DataMigration/other"),
                        "Queued/AnotherMigrationRuns",
                        "status.queue of the target shows the order"),
                row(
                        new Seen().target(true, true).ledger(LedgerState.Applied),
                        "Applied/AlreadyApplied",
                        "is applied already: the ledger of MigrationTarget/chat lists it"),
                row(
                        applied().ledger(LedgerState.Absent),
                        "Lost/LedgerLost",
                        "no longer knows it: the database was restored from an older copy, or spec.connection"),
                row(applied().ledger(LedgerState.Started), "Lost/LedgerLost", "has it as started, not as applied"),
                row(
                        applied().ledger(LedgerState.OtherChecksum),
                        "Lost/LedgerLost",
                        "holds another migration under this name"),
                row(new Seen().suspended().dependsOn(OPEN), "Suspended/Suspended", "set spec.suspend to false"),
                row(new Seen().target(true, true), "Suspended/TargetSuspended", "MigrationTarget/chat is suspended"),
                row(new Seen().movedTarget(), "Suspended/TargetChanged", "MigrationTarget/chat was created again"),
                row(new Seen().suspended().job(running()), "Suspended/Suspended", "is suspended"),
                row(
                        new Seen()
                                .cycle("DataMigration/backfill", "SchemaMigration/a", "DataMigration/backfill")
                                .suspended(),
                        "Failed/DependencyCycle",
                        "DataMigration/backfill → SchemaMigration/a → DataMigration/backfill"),
                row(
                        new Seen().plan(new PlanInvalid("steps: at least one")),
                        "Failed/InvalidSpec",
                        "steps: at least one"),
                row(new Seen(), "Running/Starting", "starts: its Job dmig-backfill-1 brings up a pod."),
                row(new Seen().job(pending(null)), "Running/Starting", "brings up a pod."),
                row(
                        new Seen().job(withoutImage()),
                        "Running/Starting",
                        "cannot start: pod pod-new cannot pull the image fill:1 (there is no such image): check its name"),
                row(new Seen().job(running()), "Running/Starting", "brings up a pod."),
                row(new Seen().job(running()).silentFor(4), "Running/Starting", "NetworkPolicy"),
                row(
                        new Seen().job(running()).says(Activity.Starting, null),
                        "Running/Starting",
                        "connects to the database"),
                row(
                        new Seen().job(running()).says(Activity.Running, null),
                        "Running/Running",
                        "runs on MigrationTarget/chat."),
                row(
                        new Seen().job(running()).says(Activity.Running, "1 of 3 workers have a connection: too many"),
                        "Running/Running",
                        "runs on MigrationTarget/chat: 1 of 3 workers have a connection: too many."),
                row(
                        new Seen().job(running()).says(Activity.Retrying, "the server is gone"),
                        "Running/Retrying",
                        "the server is gone."),
                row(
                        new Seen().job(running()).says(Activity.Waiting, "pid 7 (psql) holds it."),
                        "Held/LockWait",
                        "pid 7 (psql) holds it."),
                row(
                        new Seen().job(running()).heldBy("replicationLag 7.2s > 5s", "deadTuples 12 > 10"),
                        "Held/Throttled",
                        "goes on by itself: replicationLag 7.2s > 5s; deadTuples 12 > 10. The limits in pace.holdWhile"),
                row(new Seen().job(running()).says(Activity.Verifying, null), "Running/Verifying", "verify query"),
                row(
                        new Seen().job(ended(Reason.ConnectionLost, "no route to db", null)),
                        "Running/Retrying",
                        "tries again now; the attempt before ended: no route to db."),
                row(
                        new Seen()
                                .job(ended(
                                        75,
                                        "Error",
                                        new Outcome(
                                                Reason.ConnectionLost, "no route to db", null, null, Progress.NONE))),
                        "Running/Retrying",
                        "at about 2026-01-01T12:00:09Z: no route to db."),
                row(
                        new Seen().job(running(), ended(Reason.AccessDenied, "password refused", null)),
                        "Running/Retrying",
                        "tries again now; the attempt before ended: password refused."),
                row(new Seen().job(ended(137, "OOMKilled", null)), "Running/Retrying", "out of memory"),
                row(new Seen().job(ended(137, "Error", null)), "Running/Retrying", "exit code 137"),
                row(new Seen().job(ended(-1, "Evicted", null)), "Running/Retrying", "evicted"),
                row(
                        new Seen().job(Seen.dryRun(Seen.forecast())),
                        "Planned/DryRunComplete",
                        "would walk about 10 rows along t_pkey (id), in about 2 min; nothing was changed. status.forecast has the figures and the server's plan. Set mode to Apply"),
                row(
                        new Seen().job(Seen.dryRun(Seen.forecast("mind the gap: do this", "and that"))),
                        "Planned/DryRunComplete",
                        "nothing was changed. 2 warnings, the first: mind the gap: do this. status.forecast has all"),
                row(
                        new Seen().job(Seen.dryRun(null)),
                        "Planned/DryRunComplete",
                        "left no forecast: set the annotation cairn.dev/retry"),
                row(new Seen().job(ended(Reason.Applied, "ok", null)), "Applied/Applied", "is applied"),
                row(
                        new Seen().job(ended(Reason.AlreadyApplied, "ok", null)),
                        "Applied/AlreadyApplied",
                        "nothing was changed"),
                row(new Seen().job(aJob(new JobSeen.Complete(), false)), "Applied/Applied", "is applied"),
                row(
                        new Seen().job(ended(Reason.SqlError, "no such column", "42703")),
                        "Failed/SqlError",
                        "no such column. SQLSTATE 42703. Correct the spec, or set the annotation cairn.dev/retry"),
                row(
                        new Seen().job(ended(Reason.VerifyFailed, "verify is false", null)),
                        "Failed/VerifyFailed",
                        "verify is false."),
                row(
                        new Seen().job(ended(Reason.ChecksumMismatch, "restore it", null)),
                        "Failed/ChecksumMismatch",
                        "restore it."),
                row(new Seen().job(ended(Reason.InvalidSpec, "no key", null)), "Failed/InvalidSpec", "no key."),
                row(
                        new Seen().job(ended(Reason.OutcomeUnknown, "look at it", null)),
                        "Failed/OutcomeUnknown",
                        "look at it."),
                row(
                        new Seen().job(ended(Reason.ContainerFailed, "it ended with exit code 3", null)),
                        "Failed/ContainerFailed",
                        "it ended with exit code 3. Correct the spec, or set the annotation cairn.dev/retry"),
                row(
                        new Seen().job(ended(Reason.DependencyLost, "run it again", null)),
                        "Failed/DependencyLost",
                        "run it again. Then set the annotation cairn.dev/retry of this migration"),
                row(new Seen().job(ended(65, "Error", null)), "Failed/OutcomeUnknown", "left no outcome"),
                row(
                        new Seen().job(aJob(new JobSeen.Failed("DeadlineExceeded: too long"), false)),
                        "Failed/OutcomeUnknown",
                        "DeadlineExceeded: too long"));
    }

    @ParameterizedTest(name = "{1}: {2}")
    @MethodSource("rows")
    void whatIsSeenIsSaidWithItsReasonCauseAndNextStep(Observation seen, String standing, String words) {
        var verdict = NextStep.decide(seen).verdict();
        assertThat(verdict.phase() + "/" + verdict.reason()).isEqualTo(standing);
        assertThat(verdict.message()).startsWith(Seen.SELF).contains(words).endsWith(".");
    }

    @Test
    void everyReasonHasARow() {
        var covered = rows().map(row -> (String) row.get()[1]).distinct();
        var reasons = Arrays.stream(StatusReason.values()).map(reason -> reason.phase() + "/" + reason);
        assertThat(covered).containsExactlyInAnyOrderElementsOf(reasons.toList());
    }

    @Test
    void noPhaseIsLeftWithoutAReason() {
        assertThat(StatusReason.values()).extracting(StatusReason::phase).contains(Phase.values());
    }

    private static Seen applied() {
        return new Seen().past(Phase.Applied, StatusReason.Applied, Seen.HASH, Seen.JOB, 1);
    }

    private static Arguments row(Seen seen, String standing, String words) {
        return arguments(seen.build(), standing, words);
    }
}
