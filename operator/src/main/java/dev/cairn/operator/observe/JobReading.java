package dev.cairn.operator.observe;

import dev.cairn.operator.decide.JobSeen;
import dev.cairn.operator.decide.PodSeen;
import dev.cairn.operator.job.Labels;
import dev.cairn.plan.Mounts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a Job's status says, in the words of decisions. */
public final class JobReading {
    private JobReading() {}

    static JobSeen read(Job job, Stream<Pod> pods, World world) {
        var seen = pods.filter(pod -> belongs(pod, job))
                .map(pod -> PodReading.read(
                        pod, Obstacles.newest(world.obstacles(pod)).orElse(null)))
                .sorted(Comparator.comparing(PodSeen::created)
                        .thenComparing(PodSeen::name)
                        .reversed())
                .toList();
        var name = job.getMetadata().getName();
        return new JobSeen(
                name,
                annotation(job, Labels.PLAN),
                runnerImage(job.getSpec().getTemplate().getSpec()),
                isDryRun(job),
                state(job),
                isSuspended(job),
                count(job.getStatus() == null ? null : job.getStatus().getFailed()),
                Obstacles.ofJob(name, world.obstacles(job)),
                seen);
    }

    private static JobSeen.State state(Job job) {
        var failed = condition(job, "Failed");
        if (failed.isPresent())
            return new JobSeen.Failed(
                    failed.get().getReason() + ": " + failed.get().getMessage());
        if (condition(job, "Complete").isPresent()) return new JobSeen.Complete();
        return job.getMetadata().getDeletionTimestamp() != null ? new JobSeen.Deleting() : new JobSeen.Unfinished();
    }

    /** Whether the Job is neither complete nor failed. */
    static boolean isUnfinished(Job job) {
        return condition(job, "Failed").isEmpty() && condition(job, "Complete").isEmpty();
    }

    /** Whether the Job has its target to itself: one that is suspended and has no pod left has not. */
    public static boolean occupiesItsTarget(Job job) {
        int active = count(job.getStatus() == null ? null : job.getStatus().getActive());
        return isUnfinished(job) && !(isSuspended(job) && active == 0);
    }

    /** The migration of a Job, such as {@code SchemaMigration/messages-add-mood}. */
    public static String reference(Job job) {
        return Labels.owner(job)
                .map(Labels.Owner::toString)
                .orElse("Job/" + job.getMetadata().getName());
    }

    /** Whether one of these names the other as its owner, by UID: names can be used again. */
    static boolean belongs(HasMetadata object, HasMetadata owner) {
        return object.getMetadata().getOwnerReferences().stream()
                .anyMatch(reference ->
                        reference.getUid().equals(owner.getMetadata().getUid()));
    }

    /** Whether it changes nothing. */
    static boolean isDryRun(Job job) {
        return Labels.DRY_RUN.equals(annotation(job, Labels.MODE));
    }

    private static String annotation(Job job, String name) {
        var annotations = job.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(name, "");
    }

    /** Beside a user's container the runner is a container of its own. */
    private static String runnerImage(PodSpec pod) {
        return Stream.concat(
                        pod.getInitContainers().stream()
                                .filter(container -> container.getName().equals(Mounts.SIDECAR)),
                        pod.getContainers().stream())
                .map(Container::getImage)
                .findFirst()
                .orElse("");
    }

    private static boolean isSuspended(Job job) {
        return Boolean.TRUE.equals(job.getSpec().getSuspend());
    }

    private static Optional<JobCondition> condition(Job job, String type) {
        if (job.getStatus() == null) return Optional.empty();
        List<JobCondition> conditions = job.getStatus().getConditions();
        return conditions.stream()
                .filter(condition -> condition.getType().equals(type)
                        && condition.getStatus().equals("True"))
                .findFirst();
    }

    private static int count(@Nullable Integer number) {
        return number == null ? 0 : number;
    }
}
