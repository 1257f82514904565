package dev.cairn.operator.observe;

import dev.cairn.crds.Migration;
import dev.cairn.operator.cache.ClusterCache;
import dev.cairn.operator.job.Labels;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The queue of a target. One migration of each kind runs at a time. The oldest waiting one is next. */
public final class TargetQueue {
    /** The order of the queue. */
    public static final Comparator<Migration> ORDER = Comparator.comparing((Migration migration) ->
                    String.valueOf(migration.getMetadata().getCreationTimestamp()))
            .thenComparing(migration -> migration.getMetadata().getName());

    private TargetQueue() {}

    /** References of the migrations before this one: the running one, then those that have waited longer. */
    static List<String> ahead(ClusterCache cache, Migration migration) {
        var namespace = migration.getMetadata().getNamespace();
        var target = migration.spec().targetRef().name();
        var running = occupants(cache, cache.unfinishedJobsOn(namespace, target), migration)
                .map(JobReading::reference);
        var waiting = cache.queuedOn(namespace, target)
                .filter(other ->
                        other.migrationKind() == migration.migrationKind() && ORDER.compare(other, migration) < 0)
                .sorted(ORDER)
                .map(Migration::reference);
        return Stream.concat(running, waiting).toList();
    }

    /** The active Jobs of other migrations of the same kind. */
    public static Stream<Job> occupants(ClusterCache cache, Stream<Job> jobsOnTarget, Migration migration) {
        return jobsOnTarget.filter(job -> migration.migrationKind().name().equals(Labels.get(job, Labels.KIND))
                && !migration.getMetadata().getUid().equals(Labels.get(job, Labels.UID))
                && JobReading.occupiesItsTarget(job)
                && !isOver(cache, job));
    }

    /** Whether the migration of a Job has ended. It ends with its pod; the Job's condition follows a moment later. */
    private static boolean isOver(ClusterCache cache, Job job) {
        return Labels.owner(job)
                .flatMap(
                        owner -> cache.migration(owner.kind(), job.getMetadata().getNamespace(), owner.name()))
                .map(Migration::status)
                .filter(status -> status.phase() != null && status.phase().freesItsTarget())
                .filter(status -> job.getMetadata().getName().equals(status.job()))
                .isPresent();
    }

    /** The waiting migrations of a target, the next one first. */
    public static Stream<Migration> waiting(ClusterCache cache, String namespace, String target) {
        return cache.queuedOn(namespace, target).sorted(ORDER);
    }
}
