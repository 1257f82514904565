package dev.cairn.operator.decide;

import static dev.cairn.operator.decide.StatusReason.LockWait;
import static dev.cairn.operator.decide.StatusReason.Retrying;
import static dev.cairn.operator.decide.StatusReason.Running;
import static dev.cairn.operator.decide.StatusReason.Starting;
import static dev.cairn.operator.decide.StatusReason.Throttled;
import static dev.cairn.operator.decide.StatusReason.Verifying;

import dev.cairn.operator.decide.PodSeen.Ended;
import dev.cairn.operator.decide.PodSeen.Pending;
import dev.cairn.plan.Backoff;
import dev.cairn.plan.Progress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The verdict about an active Job. */
final class ActiveJobStatus {
    /** Polls come every 5 s. After this many polls without an answer the message says so. */
    private static final int MISSES_WORTH_A_WORD = 4;

    /**
     * The pauses of Kubernetes' Job controller, for an estimate of the next attempt's time. Cairn does not control
     * them.
     */
    private static final Backoff OF_THE_JOB_CONTROLLER = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(10));

    private ActiveJobStatus() {}

    static Verdict of(Observation seen, JobSeen job) {
        if (job.pods().isEmpty()) return noPod(seen, job);
        return switch (job.pods().getFirst().state()) {
            case Pending(var obstacle) -> pending(seen, job, obstacle);
            case PodSeen.Running() -> running(seen, job);
            case Ended end -> between(seen, job, end);
        };
    }

    private static Verdict noPod(Observation seen, JobSeen job) {
        var obstacle = job.obstacle();
        return obstacle == null ? starts(seen, job.name()) : cannotStart(seen, obstacle);
    }

    /** The same sentence until the runner reports its progress: each change would be a write of the status. */
    static Verdict starts(Observation seen, String job) {
        return new Verdict(Starting, "%s starts: its Job %s brings up a pod.".formatted(seen.self(), job));
    }

    private static Verdict pending(Observation seen, JobSeen job, @Nullable StartFailure obstacle) {
        if (obstacle != null) return cannotStart(seen, obstacle);
        return triesAgainNow(seen, job).orElseGet(() -> starts(seen, job.name()));
    }

    private static Verdict cannotStart(Observation seen, StartFailure obstacle) {
        return new Verdict(Starting, "%s cannot start: %s".formatted(seen.self(), obstacle.words()));
    }

    private static Verdict running(Observation seen, JobSeen job) {
        var progress = seen.progress().progress();
        var pod = job.pods().getFirst().name();
        if (progress == null) return triesAgainNow(seen, job).orElseGet(() -> untold(seen, job));
        return switch (progress.activity()) {
            case Starting ->
                triesAgainNow(seen, job)
                        .orElseGet(() -> new Verdict(
                                Starting, "%s starts: pod %s connects to the database.".formatted(seen.self(), pod)));
            case Running, Done ->
                new Verdict(
                        Running,
                        "%s %s on MigrationTarget/%s%s%s"
                                .formatted(
                                        seen.self(),
                                        job.dryRun() ? "makes its dry run" : "runs",
                                        targetName(seen),
                                        shortage(progress),
                                        silence(seen)));
            case Retrying ->
                new Verdict(Retrying, "%s tries again by itself: %s".formatted(seen.self(), cause(progress)));
            case Waiting ->
                new Verdict(
                        LockWait,
                        "%s waits in the database and goes on by itself: %s".formatted(seen.self(), cause(progress)));
            case Held -> new Verdict(Throttled, held(seen, progress));
            case Verifying ->
                new Verdict(Verifying, "%s has done its work and asks its verify query.".formatted(seen.self()));
        };
    }

    private static Verdict untold(Observation seen, JobSeen job) {
        if (seen.progress().misses() < MISSES_WORTH_A_WORD) return starts(seen, job.name());
        return new Verdict(
                Starting,
                "%s starts: pod %s runs and has not told its progress yet%s"
                        .formatted(seen.self(), job.pods().getFirst().name(), silence(seen)));
    }

    private static String held(Observation seen, Progress progress) {
        return "%s waits until the database recovers and goes on by itself: %s. The limits in pace.holdWhile may change at any time."
                .formatted(seen.self(), String.join("; ", progress.heldBy()));
    }

    private static String targetName(Observation seen) {
        return seen.policy().target();
    }

    /** Why it runs with less than its settings allow. */
    private static String shortage(Progress progress) {
        return progress.cause() == null ? "" : ": " + progress.cause();
    }

    private static String cause(Progress progress) {
        var cause = progress.cause();
        if (cause == null) return "the runner does not say why; see its log.";
        return cause.endsWith(".") ? cause : cause + ".";
    }

    /** The end of the sentence. Progress is advisory, so a missing answer only shows in the message. */
    private static String silence(Observation seen) {
        return seen.progress().misses() < MISSES_WORTH_A_WORD
                ? "."
                : ", but port 8080 of its pod does not answer the operator: a NetworkPolicy may be in the way; the work itself is not affected.";
    }

    private static Verdict between(Observation seen, JobSeen job, Ended end) {
        var next = end.at().plus(OF_THE_JOB_CONTROLLER.after(job.failedPods()));
        return new Verdict(
                Retrying,
                "%s tries again by itself at about %s: %s"
                        .formatted(seen.self(), next.truncatedTo(ChronoUnit.SECONDS), TerminalStatus.cause(end)));
    }

    /** The end of the last attempt, while the new attempt has no progress beyond it. */
    private static Optional<Verdict> triesAgainNow(Observation seen, JobSeen job) {
        return JobDecision.lastEnd(job)
                .or(() -> Optional.ofNullable(job.attempt().before()))
                .map(end -> new Verdict(
                        Retrying,
                        "%s tries again now; the attempt before ended: %s"
                                .formatted(seen.self(), TerminalStatus.cause(end))));
    }
}
