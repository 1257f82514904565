package dev.cairn.operator.decide;

import static dev.cairn.operator.decide.StatusReason.Retrying;
import static dev.cairn.operator.decide.StatusReason.Starting;

import dev.cairn.operator.decide.PodSeen.Ended;
import dev.cairn.operator.decide.PodSeen.Pending;
import dev.cairn.operator.decide.PodSeen.Running;
import java.util.List;
import java.util.Optional;

/**
 * Decides when to replace a Job by another one of the same plan. The Job controller pauses 10 s, 20 s … 10 min between
 * the pods of one Job, regardless of their progress. A new Job starts at once. So a new Job follows each attempt that
 * made progress.
 */
final class Replacement {
    private Replacement() {}

    /**
     * A pod on a lost node cannot be ended, and its Job waits for it for ever. The ledger's token keeps that pod from
     * writing.
     */
    static Optional<Decision> lostNode(Observation seen, JobSeen job) {
        var lost = lostPods(job);
        if (lost.isEmpty()) return Optional.empty();
        return Optional.of(replace(
                seen,
                job,
                new Verdict(
                        Retrying,
                        "%s tries again now: the node of its pod %s is gone."
                                .formatted(seen.self(), lost.getFirst()))));
    }

    private static List<String> lostPods(JobSeen job) {
        return job.pods().stream()
                .filter(pod -> pod.lost() && !(pod.state() instanceof Ended))
                .map(PodSeen::name)
                .toList();
    }

    /** Replaces a Job that is not active, so that it gets a correction or a new release. */
    static Optional<Decision> rendering(Observation seen, JobSeen job) {
        if (isOccupied(job)) return Optional.empty();
        if (!job.image().equals(seen.runnerImage()))
            return Optional.of(corrected(seen, job, "has the runner image " + job.image() + " of an earlier release"));
        var rendered = job.attempt().rendered();
        return rendered.isEmpty() || rendered.equals(seen.rendered())
                ? Optional.empty()
                : Optional.of(corrected(seen, job, "was made before the target or its Secrets' names changed"));
    }

    /** The attempt has ended for a temporary reason, and the checkpoint moved since the Job was made. */
    static Optional<Decision> progress(Observation seen, JobSeen job) {
        if (!isBetweenAttempts(job)
                || !standing(seen, job).isBeyond(job.attempt().startedFrom())) return Optional.empty();
        return Optional.of(replace(seen, job, again(seen, job)));
    }

    /** The Job was replaced, but the operator ended before it made the successor. */
    static Decision successor(Observation seen, JobSeen job) {
        return replace(seen, job, again(seen, job));
    }

    private static boolean hasFailed(JobSeen job) {
        return job.failedPods() > 0 || JobDecision.lastEnd(job).isPresent();
    }

    /**
     * A pod that has ended counts as active until the Job has counted it. Its sidecar may continue, and its failure is
     * evidence.
     */
    private static boolean isOccupied(JobSeen job) {
        if (job.pods().isEmpty()) return false;
        var newest = job.pods().getFirst();
        return switch (newest.state()) {
            case Running() -> true;
            case Ended _ -> !newest.releasable();
            case Pending _ -> false;
        };
    }

    private static boolean isBetweenAttempts(JobSeen job) {
        if (job.pods().isEmpty()) return job.failedPods() > 0;
        return switch (job.pods().getFirst().state()) {
            case Ended ignored -> !isOccupied(job);
            // A pod that was deleted before its end leaves no trace except the Job's count.
            case Pending ignored -> false;
            case Running() -> false;
        };
    }

    /** The known progress of the migration, from its status, its pods' final messages and the polls. */
    static ProgressMark standing(Observation seen, JobSeen job) {
        var past = job.planHash().equals(seen.past().planHash()) ? seen.past().mark() : ProgressMark.NONE;
        var mark = past.or(job.attempt().startedFrom());
        var polled = seen.progress().progress();
        if (polled != null) mark = mark.or(ProgressMark.of(polled));
        for (var pod : job.pods())
            if (pod.state() instanceof Ended end && end.progress() != null)
                mark = mark.or(ProgressMark.of(end.progress()));
        return mark;
    }

    private static Verdict again(Observation seen, JobSeen job) {
        return new Verdict(
                Retrying,
                JobDecision.lastEnd(job)
                        .map(end -> "%s tries again now; the attempt before ended: %s"
                                .formatted(seen.self(), TerminalStatus.cause(end)))
                        .orElseGet(() ->
                                "%s tries again now; the pod of its attempt before is gone.".formatted(seen.self())));
    }

    private static Decision corrected(Observation seen, JobSeen job, String because) {
        return replace(
                seen,
                job,
                new Verdict(Starting, "%s replaces its Job %s, which %s.".formatted(seen.self(), job.name(), because)));
    }

    private static Decision replace(Observation seen, JobSeen job, Verdict verdict) {
        var lostPods = lostPods(job);
        return new Decision.Replace(
                verdict,
                job.attempt().successor(),
                new Decision.Former(job.name(), lostPods.isEmpty() && hasFailed(job), lostPods),
                standing(seen, job),
                FailedPodRetention.of(job));
    }
}
