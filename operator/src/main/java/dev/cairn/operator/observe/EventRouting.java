package dev.cairn.operator.observe;

import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationStatus;
import dev.cairn.crds.MigrationTarget;
import dev.cairn.operator.cache.ClusterCache;
import dev.cairn.operator.job.Labels;
import dev.cairn.operator.job.PlanBuilder;
import dev.cairn.plan.MigrationKind;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which objects to reconcile after a change. A needless pass does no harm; a missing pass does. It uses only
 * the changed object: the objects that it refers to may be gone or not in the cache yet.
 */
public final class EventRouting {
    private final ClusterCache cache;
    private final ConfigMapWatches configMapWatches;
    private final Passes passes;

    public EventRouting(ClusterCache cache, ConfigMapWatches configMapWatches, Passes passes) {
        this.cache = cache;
        this.configMapWatches = configMapWatches;
        this.passes = passes;
    }

    /** Requests passes. */
    public interface Passes {
        /** A pass for a migration. */
        void migration(MigrationKind kind, String namespace, String name);

        /** A pass for a target. */
        void target(String namespace, String name);

        /**
         * A later pass for a target whose counts changed: many change within a second, and each pass reads all its
         * migrations.
         */
        void targetSoon(String namespace, String name);
    }

    /** Registers with every cache. */
    public void connect() {
        cache.schemaMigrations().onChange(this::migrationChanged);
        cache.dataMigrations().onChange(this::migrationChanged);
        cache.targets().onChange(this::targetChanged);
        cache.jobs().onChange(this::jobChanged);
        cache.watchedPods().onChange((before, after) -> ownerOf(newer(before, after)));
        cache.configMaps().onChange((before, after) -> ownerOf(newer(before, after)));
        cache.nodes().onChange((before, after) -> podsOf(newer(before, after)));
        cache.obstacles().onChange((before, after) -> obstacleMet(newer(before, after)));
    }

    /** A pod has reported its progress. */
    public void progressed(Pod pod) {
        ownerOf(pod);
    }

    private void migrationChanged(@Nullable Migration before, @Nullable Migration after) {
        var migration = newer(before, after);
        if (before != null && after != null && saysTheSame(before, after)) return;
        cache.linked(migration, after != null).forEach(this::look);
        look(migration);
        cache.dependents(migration).forEach(this::look);
        var namespace = migration.getMetadata().getNamespace();
        if (before != null && !PlanBuilder.sources(before).isEmpty()) configMapWatches.release(namespace);
        // Its target may have changed.
        Stream.of(before, after)
                .filter(Objects::nonNull)
                .map(one -> one.spec().targetRef().name())
                .distinct()
                .forEach(target -> {
                    // New migrations get a pass at once: when there are many, they wait for the ledger's answer.
                    if (before == null) passes.target(namespace, target);
                    else passes.targetSoon(namespace, target);
                    queued(namespace, target);
                });
    }

    private void targetChanged(@Nullable MigrationTarget before, @Nullable MigrationTarget after) {
        var target = newer(before, after).getMetadata();
        if (before != null && after != null && sameGeneration(before, after)) {
            if (!sameAnnotations(before, after)) passes.target(target.getNamespace(), target.getName());
            return;
        }
        passes.target(target.getNamespace(), target.getName());
        cache.onTarget(target.getNamespace(), target.getName()).forEach(this::look);
    }

    private void jobChanged(@Nullable Job before, @Nullable Job after) {
        var job = newer(before, after);
        ownerOf(job);
        if (after == null || !JobReading.occupiesItsTarget(after)) neighboursOf(job);
    }

    /**
     * Requests passes for migrations that may wait for this Job. The Job's own label names the target: its migration
     * may be gone.
     */
    private void neighboursOf(Job job) {
        var target = Labels.get(job, Labels.TARGET);
        if (target != null) queued(job.getMetadata().getNamespace(), target);
    }

    /** A silent node affects its pods. Any other report of a node, every few minutes, is ignored. */
    private void podsOf(Node node) {
        if (!ClusterCache.isSilent(node)) return;
        var name = node.getMetadata().getName();
        cache.pods()
                .filter(pod ->
                        pod.getSpec() != null && name.equals(pod.getSpec().getNodeName()))
                .forEach(this::ownerOf);
    }

    private void obstacleMet(Event event) {
        var about = event.getInvolvedObject();
        Stream.<Optional<? extends HasMetadata>>of(
                        cache.jobs().get(about.getNamespace(), about.getName()),
                        cache.watchedPods().get(about.getNamespace(), about.getName()))
                .flatMap(Optional::stream)
                .filter(object -> object.getMetadata().getUid().equals(about.getUid()))
                .forEach(this::ownerOf);
    }

    private void queued(String namespace, String target) {
        TargetQueue.waiting(cache, namespace, target).forEach(this::look);
    }

    private void look(Migration migration) {
        var meta = migration.getMetadata();
        passes.migration(migration.migrationKind(), meta.getNamespace(), meta.getName());
    }

    private void ownerOf(HasMetadata object) {
        Labels.readTarget(object)
                .ifPresent(target -> passes.target(object.getMetadata().getNamespace(), target));
        Labels.owner(object)
                .ifPresent(owner ->
                        passes.migration(owner.kind(), object.getMetadata().getNamespace(), owner.name()));
    }

    private static boolean saysTheSame(Migration before, Migration after) {
        return sameGeneration(before, after)
                && sameAnnotations(before, after)
                && Objects.equals(standing(before.status()), standing(after.status()));
    }

    private static boolean sameAnnotations(HasMetadata before, HasMetadata after) {
        return Objects.equals(
                before.getMetadata().getAnnotations(), after.getMetadata().getAnnotations());
    }

    private static boolean sameGeneration(HasMetadata before, HasMetadata after) {
        return Objects.equals(
                before.getMetadata().getGeneration(), after.getMetadata().getGeneration());
    }

    /** What others read of a migration: its phase and reason, and the generation that they are for. */
    private static String standing(@Nullable MigrationStatus status) {
        return status == null ? "" : status.phase() + "/" + status.reason() + "/" + status.observedGeneration();
    }

    private static <T> T newer(@Nullable T before, @Nullable T after) {
        if (after != null) return after;
        return Objects.requireNonNull(before, "a change has a before or an after");
    }
}
