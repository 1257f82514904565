package dev.cairn.operator.observe;

import dev.cairn.crds.MigrationTarget;
import dev.cairn.operator.cache.ClusterCache;
import dev.cairn.operator.decide.JobSeen;
import dev.cairn.operator.decide.PodSeen;
import dev.cairn.operator.decide.ReadingFailure;
import dev.cairn.operator.decide.StartFailure;
import dev.cairn.operator.job.JobConditions;
import dev.cairn.plan.LedgerAnswer;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the result of a Job that reads a ledger. */
public final class ReaderReading {
    private ReaderReading() {}

    /** The state of the read. */
    public sealed interface Seen {}

    /** The Job does not exist, or is not in the cache yet. */
    public record Missing() implements Seen {}

    /**
     * No answer yet.
     *
     * @param obstacle what prevents its pod's start, null for nothing
     */
    public record Working(@Nullable StartFailure obstacle) implements Seen {}

    /** The ledger has answered. */
    public record Answered(LedgerAnswer answer) implements Seen {}

    /** There will be no answer. */
    public record Failed(ReadingFailure failure) implements Seen {}

    /**
     * The state of the target's own Job. Another object's Job of that name is ignored.
     *
     * @param name of the Job
     * @param live reads the pods of a Job from the API server, if the Job has ended and the cache has no answer. The
     *     end of a Job and the end of its pod come by two watches, and the Job's end may come first
     */
    public static Seen read(ClusterCache cache, MigrationTarget target, String name, Function<Job, List<Pod>> live) {
        var job = cache.jobsOf(target)
                .filter(found -> found.getMetadata().getName().equals(name))
                .findFirst();
        if (job.isEmpty()) return new Missing();
        var found = job.get();
        return answer(found, cache.podsOf(target))
                .or(() -> JobConditions.isUnfinished(found)
                        ? Optional.empty()
                        : answer(found, live.apply(found).stream()))
                .orElseGet(() -> withoutAnswer(found, target, cache));
    }

    private static Optional<Seen> answer(Job job, Stream<Pod> pods) {
        return pods.filter(pod -> JobReading.belongs(pod, job))
                .flatMap(pod ->
                        PodReading.end(pod).map(end -> ended(job.getMetadata().getName(), pod, end)).stream())
                .findFirst();
    }

    private static Seen withoutAnswer(Job job, MigrationTarget target, ClusterCache cache) {
        var name = job.getMetadata().getName();
        return switch (JobReading.state(job)) {
            case JobSeen.Failed(var message) -> new Failed(new ReadingFailure.NoAnswer(name, message));
            case JobSeen.Complete() -> new Failed(new ReadingFailure.NothingLeft(name));
            case JobSeen.Deleting() -> new Failed(new ReadingFailure.Deleted(name));
            case JobSeen.Unfinished() -> new Working(obstacle(job, target, cache));
        };
    }

    private static @Nullable StartFailure obstacle(Job job, MigrationTarget target, ClusterCache cache) {
        return JobReading.pods(job, target, cache).stream()
                .flatMap(pod -> pod.state() instanceof PodSeen.Pending(var obstacle)
                        ? Stream.ofNullable(obstacle)
                        : Stream.empty())
                .findFirst()
                .orElseGet(() -> PodStartFailures.ofJob(job.getMetadata().getName(), cache.obstacles(job)));
    }

    private static Seen ended(String job, Pod pod, ContainerStateTerminated end) {
        try {
            return new Answered(LedgerAnswer.fromTerminationMessage(end.getMessage() == null ? "" : end.getMessage()));
        } catch (IllegalArgumentException notAnAnswer) {
            return failed(job, PodReading.ended(end, pod));
        }
    }

    private static Failed failed(String job, PodSeen.Ended end) {
        var outcome = end.outcome();
        return new Failed(
                outcome == null
                        ? new ReadingFailure.NoAnswer(job, end.withoutOutcome())
                        : new ReadingFailure.Ended(outcome));
    }
}
