package dev.cairn.operator.decide;

import static dev.cairn.operator.decide.StatusReason.OutcomeUnknown;
import static dev.cairn.operator.decide.StatusReason.Starting;

import dev.cairn.operator.decide.Observation.Planned;
import dev.cairn.operator.decide.PodSeen.Ended;
import dev.cairn.operator.decide.PodSeen.Pending;
import dev.cairn.operator.decide.PodSeen.Running;
import dev.cairn.plan.ExitCode;
import java.util.Optional;

/** What to do about a migration that has a Job. */
final class JobDecision {
    private JobDecision() {}

    static Decision decide(Observation seen, JobSeen job) {
        return switch (job.state()) {
            case JobSeen.Unfinished() -> unfinished(seen, job);
            case JobSeen.Deleting() ->
                new Decision.Wait(new Verdict(
                        Starting,
                        "%s waits because its Job %s is being deleted; a new Job starts by itself afterwards."
                                .formatted(seen.self(), job.name())));
            case JobSeen.Complete() -> new Decision.Conclude(TerminalStatus.done(seen, job, lastEnd(job)), job.name());
            case JobSeen.Failed(var message) ->
                gaveWay(seen, job).orElseGet(() -> new Decision.Conclude(failed(seen, job, message), job.name()));
        };
    }

    private static Decision unfinished(Observation seen, JobSeen job) {
        return over(seen, job)
                .or(() -> unfit(seen, job))
                .or(() -> gaveWay(seen, job))
                .or(() -> Preconditions.stopped(seen).map(verdict -> suspend(job, verdict)))
                .or(() -> job.suspended() ? Optional.of(resume(seen, job)) : replacement(seen, job))
                .orElseGet(() -> track(seen, job));
    }

    /**
     * The end of the container counts before the Job's condition. That comes later, and a suspended Job may never get
     * it.
     */
    private static Optional<Decision> over(Observation seen, JobSeen job) {
        return lastEnd(job)
                .filter(end -> job.pods().getFirst().state().equals(end))
                .flatMap(end -> TerminalStatus.lastWord(seen, job, end))
                .map(verdict -> new Decision.Conclude(verdict, job.name()));
    }

    /** Completes a replacement: the operator ended between its two halves. */
    private static Optional<Decision> gaveWay(Observation seen, JobSeen job) {
        if (!job.attempt().replaced()) return Optional.empty();
        return allowed(seen, job).or(() -> Optional.of(Replacement.successor(seen, job)));
    }

    private static Optional<Decision> replacement(Observation seen, JobSeen job) {
        if (seen.policy() instanceof EffectivePolicy.Unusable) return Optional.empty();
        return Replacement.lostNode(seen, job)
                .or(() -> Replacement.rendering(seen, job))
                .or(() -> Replacement.progress(seen, job));
    }

    /** What prevents a Job from continuing, or its successor from being made. */
    private static Optional<Decision> allowed(Observation seen, JobSeen job) {
        return Preconditions.stopped(seen)
                .or(() -> Preconditions.queue(seen))
                .<Decision>map(verdict -> new Decision.Track(verdict, job.name(), FailedPodRetention.of(job)))
                // It names no Job, so that the migration continues by itself after the target is corrected.
                .or(() -> Preconditions.unusable(seen).map(Decision.Wait::new));
    }

    /** Discards a Job that has not begun, or a dry run, if its plan was edited. */
    private static Optional<Decision> unfit(Observation seen, JobSeen job) {
        if (job.dryRun() && seen.plan() instanceof Planned(var wanted, var ignored) && !wanted.equals(job.planHash()))
            return Optional.of(discard(seen, job, "is a dry run of an earlier version of the spec or of its settings"));
        boolean begun = seen.past().attempts() > 0 || job.failedPods() > 0;
        if (job.isAtWork()) return Optional.empty();
        if (!begun && seen.plan() instanceof Planned(var hash, var ignored) && !hash.equals(job.planHash()))
            return Optional.of(discard(seen, job, "was made from an earlier version of the spec"));
        return Optional.empty();
    }

    private static Decision discard(Observation seen, JobSeen job, String because) {
        return new Decision.Discard(
                new Verdict(
                        Starting,
                        "%s replaces its Job %s, which %s; a new one follows."
                                .formatted(seen.self(), job.name(), because)),
                job.name());
    }

    private static Decision suspend(JobSeen job, Verdict verdict) {
        return job.suspended()
                ? new Decision.Track(verdict, job.name(), FailedPodRetention.of(job))
                : new Decision.Suspend(verdict, job.name());
    }

    private static Decision resume(Observation seen, JobSeen job) {
        return allowed(seen, job)
                .or(() -> Replacement.lostNode(seen, job))
                .or(() -> Replacement.rendering(seen, job))
                .orElseGet(() -> new Decision.Resume(
                        new Verdict(
                                Starting,
                                "%s %s: the pod of Job %s comes up next."
                                        .formatted(
                                                seen.self(),
                                                job.dryRun()
                                                        ? "begins its dry run again"
                                                        : "goes on from its checkpoint",
                                                job.name())),
                        job.name()));
    }

    private static Decision track(Observation seen, JobSeen job) {
        return new Decision.Track(ActiveJobStatus.of(seen, job), job.name(), FailedPodRetention.of(job));
    }

    private static Verdict failed(Observation seen, JobSeen job, String message) {
        return lastEnd(job)
                .filter(end -> end.exitCode() == ExitCode.PERMANENT.code())
                .flatMap(end -> TerminalStatus.lastWord(seen, job, end))
                .orElseGet(() -> new Verdict(
                        OutcomeUnknown,
                        "%s: its Job %s failed (%s) and left no outcome: see the pod's log, then set the annotation cairn.dev/retry to a new value."
                                .formatted(seen.self(), job.name(), message)));
    }

    static Optional<Ended> lastEnd(JobSeen job) {
        return job.pods().stream()
                .flatMap(pod -> switch (pod.state()) {
                    case Ended end -> Optional.of(end).stream();
                    case Pending ignored -> Optional.<Ended>empty().stream();
                    case Running() -> Optional.<Ended>empty().stream();
                })
                .findFirst();
    }
}
