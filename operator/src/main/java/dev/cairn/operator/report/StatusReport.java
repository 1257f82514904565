package dev.cairn.operator.report;

import dev.cairn.crds.MigrationStatus;
import dev.cairn.crds.Phase;
import dev.cairn.operator.decide.Decision;
import dev.cairn.operator.decide.JobSeen;
import dev.cairn.operator.decide.Observation;
import dev.cairn.operator.decide.Observation.Planned;
import dev.cairn.operator.decide.PodSeen;
import dev.cairn.operator.decide.StatusReason;
import dev.cairn.operator.decide.Verdict;
import dev.cairn.plan.Checksum;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the status of a migration, and decides when to write it. */
public final class StatusReport {
    private static final Duration BETWEEN_FIGURES = Duration.ofSeconds(15);

    private StatusReport() {}

    /**
     * The status after a decision.
     *
     * @param before as last written, null for a new object
     * @param generation of the spec that the decision is about
     */
    public static MigrationStatus status(
            @Nullable MigrationStatus before, long generation, Decision decision, Observation seen) {
        var verdict = decision.verdict();
        var planHash = planHash(before, decision, seen);
        var headway = headway(before, planHash, verdict, seen);
        var forecast = forecast(before, planHash, verdict, seen);
        return new MigrationStatus(
                generation,
                verdict.phase(),
                verdict.reason().name(),
                Conditions.of(verdict, generation, before == null ? null : before.conditions(), seen.now()),
                planHash,
                before != null && Objects.equals(planHash, before.planHash()) ? before.contentHash() : null,
                before == null ? null : before.ledger(),
                job(decision),
                retry(decision, seen),
                headway.attempts() == 0 ? null : headway.attempts(),
                forecast == null
                        ? Display.of(
                                verdict.phase(),
                                headway,
                                before != null && Objects.equals(planHash, before.planHash()) ? before.display() : null)
                        : Forecasts.display(forecast),
                headway.progress(),
                headway.checkpoint(),
                forecast,
                History.after(before, verdict, seen.now()));
    }

    /**
     * The status after a decision, with the checksum of its plan's content and the place of its ledger.
     *
     * @param plan of the spec, null where it was not made
     * @param now the place of the target's ledger, null where there is no target
     */
    public static MigrationStatus status(
            @Nullable MigrationStatus before,
            long generation,
            Decision decision,
            Observation seen,
            @Nullable Plan plan,
            MigrationStatus.@Nullable Ledger now) {
        return withLedger(withContent(status(before, generation, decision, seen), plan), before, decision, now);
    }

    /**
     * The status with the checksum of its plan's content. It is computed once for a plan, since a plan may be large.
     *
     * @param plan of the spec, null where it was not made
     */
    static MigrationStatus withContent(MigrationStatus status, @Nullable Plan plan) {
        if (plan == null || status.contentHash() != null || !plan.hash().equals(status.planHash())) return status;
        return status.withContentHash(Checksum.of(plan).content());
    }

    /**
     * The status with the place of the ledger. The place stays where the migration began or was found applied, until it
     * runs as a new one.
     *
     * @param decision from which the status was made
     * @param now the place of the target's ledger, null where there is no target
     */
    private static MigrationStatus withLedger(
            MigrationStatus status,
            @Nullable MigrationStatus before,
            Decision decision,
            MigrationStatus.@Nullable Ledger now) {
        if (now == null || status.job() == null) return status;
        boolean moves = switch (decision.verdict().phase()) {
            // A migration that was found applied has no attempts.
            case Applied -> before == null || before.phase() != Phase.Applied;
            case Lost -> false;
            case Waiting, Queued, Held, Suspended, Running, Planned, Failed ->
                decision.begins() || status.attempts() == null;
        };
        return status.ledger() == null || moves ? status.withLedger(now) : status;
    }

    /**
     * Whether to write the status now. A new message or a final status is written at once. Changed numbers are written
     * only after a pause.
     *
     * @param written the time of the last write, null for never
     */
    public static boolean isDue(
            @Nullable MigrationStatus before, MigrationStatus after, @Nullable Instant written, Instant now) {
        if (before == null || !words(before).equals(words(after))) return true;
        if (before.equals(after)) return false;
        if (after.phase() != Phase.Running && !isThrottled(after)) return true;
        return written == null || !written.plus(BETWEEN_FIGURES).isAfter(now);
    }

    /** Whether a change of phase gets an Event. A hold that comes and goes gets one Event in each direction. */
    public static boolean isNews(@Nullable MigrationStatus before, Verdict verdict) {
        return switch (verdict.reason()) {
            // The target's status has the queue, and a Job has its own Events.
            case AnotherMigrationRuns, Starting -> false;
            default ->
                !(verdict.phase() == Phase.Held || verdict.phase() == Phase.Running)
                        || !History.goesBack(before, verdict);
        };
    }

    private static List<@Nullable Object> words(MigrationStatus status) {
        var words = new ArrayList<@Nullable Object>();
        words.add(status.observedGeneration());
        words.add(isThrottled(status) ? StatusReason.Throttled : status.conditions());
        words.add(status.phase());
        words.add(status.planHash());
        words.add(status.contentHash());
        words.add(status.ledger());
        words.add(status.job());
        words.add(status.retry());
        words.add(status.attempts());
        return words;
    }

    /** Its message contains numbers that change. */
    private static boolean isThrottled(MigrationStatus status) {
        return StatusReason.Throttled.name().equals(status.reason());
    }

    private static @Nullable String job(Decision decision) {
        return switch (decision) {
            case Decision.Wait ignored -> null;
            case Decision.Refused(var ignored, var job) -> job;
            case Decision.Start(var ignored, var job) -> job;
            case Decision.Discard ignored -> null;
            case Decision.Suspend(var ignored, var job) -> job;
            case Decision.Resume(var ignored, var job) -> job;
            case Decision.Track(var ignored, var job, var old) -> job;
            case Decision.Replace replace -> replace.job();
            case Decision.Conclude(var ignored, var job) -> job;
        };
    }

    /** A Job answers every retry that was requested before it ended. */
    private static @Nullable String retry(Decision decision, Observation seen) {
        var answered = switch (decision) {
            case Decision.Start ignored -> seen.retry();
            case Decision.Suspend ignored -> seen.retry();
            case Decision.Resume ignored -> seen.retry();
            case Decision.Track ignored -> seen.retry();
            case Decision.Replace ignored -> seen.retry();
            case Decision.Wait ignored -> seen.past().retry();
            case Decision.Refused ignored -> seen.past().retry();
            case Decision.Discard ignored -> seen.past().retry();
            case Decision.Conclude ignored -> answeredByTheLedger(seen);
        };
        return answered.isEmpty() ? null : answered;
    }

    /** A read of the ledger answers the retry of an applied migration; no migration Job runs for it. */
    private static String answeredByTheLedger(Observation seen) {
        var ledger = seen.ledger();
        var phase = seen.past().phase();
        boolean isAboutNow = (phase == Phase.Applied || seen.job() == null) && phase != Phase.Failed;
        return ledger != null && isAboutNow ? ledger.retry() : seen.past().retry();
    }

    private static @Nullable String planHash(@Nullable MigrationStatus before, Decision decision, Observation seen) {
        var job = seen.job();
        if (job != null && (decision instanceof Decision.Replace || job.name().equals(job(decision))))
            return job.planHash();
        var past = before == null ? null : before.planHash();
        boolean foundDone = decision.verdict().reason() == StatusReason.AlreadyApplied
                && seen.job() == null
                && seen.past().phase() != Phase.Applied
                && seen.past().phase() != Phase.Lost;
        if (decision instanceof Decision.Conclude && !foundDone) return past;
        return seen.plan() instanceof Planned(var hash, var ignored) ? hash : past;
    }

    private static MonotonicProgress headway(
            @Nullable MigrationStatus before, @Nullable String planHash, Verdict verdict, Observation seen) {
        var headway = MonotonicProgress.of(before, planHash);
        var job = seen.job();
        if (job != null && job.planHash().equals(planHash))
            headway = headway.with(finalProgress(job), seen.now())
                    .with(seen.progress().progress(), seen.now());
        return verdict.phase() == Phase.Running ? headway : headway.atRest(verdict.phase() == Phase.Held);
    }

    /** The estimate of a dry run, while the migration is Planned. */
    private static MigrationStatus.@Nullable Forecast forecast(
            @Nullable MigrationStatus before, @Nullable String planHash, Verdict verdict, Observation seen) {
        if (verdict.phase() != Phase.Planned) return null;
        var job = seen.job();
        var outcome = job == null ? null : outcome(job);
        if (outcome != null && outcome.forecast() != null) return Forecasts.of(outcome.forecast());
        return before != null && Objects.equals(planHash, before.planHash()) ? before.forecast() : null;
    }

    private static dev.cairn.plan.@Nullable Progress finalProgress(JobSeen job) {
        var outcome = outcome(job);
        return outcome == null ? null : outcome.progress();
    }

    private static @Nullable Outcome outcome(JobSeen job) {
        for (var pod : job.pods()) {
            if (pod.state() instanceof PodSeen.Ended end && end.outcome() != null) return end.outcome();
        }
        return null;
    }
}
