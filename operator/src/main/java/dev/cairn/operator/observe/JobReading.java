package dev.cairn.operator.observe;

import dev.cairn.crds.Migration;
import dev.cairn.operator.cache.ClusterCache;
import dev.cairn.operator.decide.Attempt;
import dev.cairn.operator.decide.JobSeen;
import dev.cairn.operator.decide.PodSeen;
import dev.cairn.operator.decide.ProgressMark;
import dev.cairn.operator.job.JobConditions;
import dev.cairn.operator.job.Labels;
import dev.cairn.operator.job.Names;
import dev.cairn.plan.Mounts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a Job's status into the types of decisions. */
public final class JobReading {
    private JobReading() {}

    static JobSeen read(Job job, Migration migration, ClusterCache cache) {
        var seen = pods(job, migration, cache);
        var name = job.getMetadata().getName();
        return new JobSeen(
                name,
                annotation(job, Labels.PLAN),
                runnerImage(job),
                isDryRun(job),
                state(job),
                isSuspended(job),
                count(job.getStatus() == null ? null : job.getStatus().getFailed()),
                PodStartFailures.ofJob(name, cache.obstacles(job)),
                seen,
                attempt(job, migration, cache));
    }

    /** The pods of a Job, the newest first. */
    static List<PodSeen> pods(Job job, HasMetadata owner, ClusterCache cache) {
        return cache.podsOf(owner)
                .filter(pod -> belongs(pod, job))
                .map(pod -> PodReading.read(
                        pod, PodStartFailures.newest(cache.obstacles(pod)).orElse(null), cache.isLost(pod)))
                .sorted(Comparator.comparing(PodSeen::created)
                        .thenComparing(PodSeen::name)
                        .reversed())
                .toList();
    }

    private static Attempt attempt(Job job, Migration migration, ClusterCache cache) {
        int number = attempt(job);
        var hash = planHash(job);
        var former = cache.jobsOf(migration)
                .filter(other -> isReplaced(other) && hash.equals(planHash(other)) && attempt(other) < number)
                .sorted(Comparator.comparingInt((Job other) -> attempt(other)).reversed())
                .toList();
        var before = former.stream()
                .limit(1)
                .flatMap(last -> pods(last, migration, cache).stream())
                .map(PodSeen::state)
                .filter(PodSeen.Ended.class::isInstance)
                .map(PodSeen.Ended.class::cast)
                .findFirst();
        return new Attempt(
                annotation(job, Labels.RENDERED),
                ProgressMark.fromText(annotation(job, Labels.STARTED_FROM)),
                Names.job(migration, hash, number + 1),
                isReplaced(job),
                before.orElse(null),
                former.stream().map(other -> other.getMetadata().getName()).toList());
    }

    /** The number of the Job among those of its plan, from 1. */
    public static int attempt(Job job) {
        var number = annotation(job, Labels.ATTEMPT);
        return number.matches("[0-9]{1,9}") ? Integer.parseInt(number) : 1;
    }

    /** The hash of its plan, empty where the annotation was removed. */
    public static String planHash(Job job) {
        return annotation(job, Labels.PLAN);
    }

    /** Whether another Job of its plan has replaced it. */
    public static boolean isReplaced(Job job) {
        return annotation(job, Labels.REPLACED).equals("true");
    }

    static JobSeen.State state(Job job) {
        var failed = JobConditions.find(job, "Failed");
        if (failed.isPresent())
            return new JobSeen.Failed(
                    failed.get().getReason() + ": " + failed.get().getMessage());
        if (JobConditions.find(job, "Complete").isPresent()) return new JobSeen.Complete();
        return job.getMetadata().getDeletionTimestamp() != null ? new JobSeen.Deleting() : new JobSeen.Unfinished();
    }

    /** Whether the Job occupies its target. A suspended Job without a pod does not. */
    public static boolean occupiesItsTarget(Job job) {
        int active = count(job.getStatus() == null ? null : job.getStatus().getActive());
        return JobConditions.isUnfinished(job) && !(isSuspended(job) && active == 0);
    }

    /** The migration of a Job, such as {@code SchemaMigration/messages-add-mood}. */
    public static String reference(Job job) {
        return Labels.owner(job)
                .map(Labels.Owner::toString)
                .orElse("Job/" + job.getMetadata().getName());
    }

    /** Whether the other object controls it, by UID. Names can be reused, and any user can write labels. */
    public static boolean belongs(HasMetadata object, HasMetadata owner) {
        return Objects.equals(
                        object.getMetadata().getNamespace(), owner.getMetadata().getNamespace())
                && object.getMetadata().getOwnerReferences().stream()
                        .anyMatch(reference -> Boolean.TRUE.equals(reference.getController())
                                && reference.getUid().equals(owner.getMetadata().getUid()));
    }

    /** Whether it changes nothing. */
    static boolean isDryRun(Job job) {
        return Labels.DRY_RUN.equals(annotation(job, Labels.MODE));
    }

    private static String annotation(Job job, String name) {
        var annotations = job.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(name, "");
    }

    /**
     * The runner's image as it was requested. Admission may change it, so the pod's image does not show the release.
     */
    private static String runnerImage(Job job) {
        var asked = annotation(job, Labels.RUNNER);
        return asked.isEmpty() ? admittedImage(job.getSpec().getTemplate().getSpec()) : asked;
    }

    /** The image of a Job of an earlier release. Beside a user's container the runner is a separate container. */
    private static String admittedImage(PodSpec pod) {
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

    private static int count(@Nullable Integer number) {
        return number == null ? 0 : number;
    }
}
