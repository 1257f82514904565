package dev.cairn.operator.cache;

import dev.cairn.crds.DataMigration;
import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.Phase;
import dev.cairn.crds.SchemaMigration;
import dev.cairn.operator.cache.InformerCache.Source;
import dev.cairn.operator.job.JobConditions;
import dev.cairn.operator.job.Labels;
import dev.cairn.operator.job.PlanBuilder;
import dev.cairn.plan.MigrationKind;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One cache for each kind of object that decisions need. For Jobs, pods and ConfigMaps it has only Cairn's own objects.
 */
public final class ClusterCache implements AutoCloseable {
    private static final String BY_TARGET = "target";
    private static final String BY_TARGET_WAITED_FOR = "target-waited-for";
    private static final String BY_TARGET_AT_WORK = "target-at-work";
    private static final String BY_DEPENDENCY = "dependency";
    private static final String BY_SOURCE = "source";
    private static final String BY_FED_NAMESPACE = "fed-namespace";
    private static final String BY_OWNER = "owner";
    private static final String BY_NAME = "name";
    private static final String BY_OBJECT = "object";

    /** Reasons of Events about what no status shows: why there is no pod, and why a pod has no files. */
    private static final List<String> OBSTACLES = List.of("FailedCreate", "FailedMount");

    private final DependencyGraph graph = new DependencyGraph();
    private final InformerCache<SchemaMigration> schemaMigrations;
    private final InformerCache<DataMigration> dataMigrations;
    private final InformerCache<MigrationTarget> targets;
    private final InformerCache<Job> jobs;
    private final InformerCache<Pod> pods;
    private final InformerCache<ConfigMap> configMaps;
    private final InformerCache<Event> obstacles;

    /** Empty where only some namespaces are watched: nodes belong to the whole cluster. */
    private final InformerCache<Node> nodes;

    /** @param namespaces the namespaces to watch; empty for all */
    public ClusterCache(KubernetesClient client, Set<String> namespaces) {
        var sources = new Sources(client, namespaces);
        var json = client.getKubernetesSerialization();
        schemaMigrations =
                new InformerCache<>(json, sources.all(SchemaMigration.class), migrationIndexes(), Kept.migrations());
        dataMigrations =
                new InformerCache<>(json, sources.all(DataMigration.class), migrationIndexes(), Kept.migrations());
        targets = new InformerCache<>(json, sources.all(MigrationTarget.class), Map.of(), Kept.targets());
        jobs = new InformerCache<>(
                json,
                sources.ours(Job.class),
                Map.of(BY_OWNER, ClusterCache::controller, BY_TARGET_AT_WORK, ClusterCache::targetAtWork),
                Kept.jobs());
        pods = new InformerCache<>(
                json, sources.ours(Pod.class), Map.of(BY_OWNER, ClusterCache::controller), Kept.pods());
        configMaps = new InformerCache<>(json, sources.ourConfigMaps(), Map.of(), Kept.configMaps());
        obstacles = new InformerCache<>(
                json,
                sources.warnings(OBSTACLES),
                Map.of(
                        BY_OBJECT,
                        event ->
                                List.of(String.valueOf(event.getInvolvedObject().getUid()))),
                Kept.obstacles());
        nodes = new InformerCache<>(
                json,
                namespaces.isEmpty() ? List.of(new Source<>(null, client.nodes())) : List.of(),
                Map.of(BY_NAME, node -> List.of(node.getMetadata().getName())),
                Kept.nodes());
    }

    /** Whether a pod's node is gone: Kubernetes no longer hears from it. */
    public boolean isLost(Pod pod) {
        var node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
        return node != null && nodes.by(BY_NAME, node).anyMatch(ClusterCache::isSilent);
    }

    /** Whether Kubernetes no longer hears from a node. */
    public static boolean isSilent(Node node) {
        return node.getStatus() != null
                && node.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("Unknown"));
    }

    /**
     * Fills the caches and waits until they are filled. It fills one kind at a time, so that the lists are not in
     * memory together.
     */
    public void start() {
        everything().forEach(InformerCache::start);
    }

    /** Calls the listener when a cache has stopped for good. */
    public void onLoss(Consumer<Throwable> listener) {
        everything().forEach(watched -> watched.onLoss(listener));
    }

    @Override
    public void close() {
        everything().forEach(InformerCache::stop);
    }

    /** Whether every cache is up to date. */
    public boolean healthy() {
        return everything().allMatch(InformerCache::healthy);
    }

    private Stream<InformerCache<?>> everything() {
        return Stream.of(schemaMigrations, dataMigrations, targets, jobs, pods, configMaps, obstacles, nodes);
    }

    /** A migration by kind and name. */
    public Optional<? extends Migration> migration(MigrationKind kind, String namespace, String name) {
        return of(kind).get(namespace, name);
    }

    /**
     * The migrations of both kinds on a target.
     *
     * @param target its name, or its label on Cairn's Jobs
     */
    public Stream<Migration> onTarget(String namespace, String target) {
        return byIndex(BY_TARGET, onTargetKey(namespace, target));
    }

    /** The Queued ones among them. A target with thousands of applied migrations has few of these. */
    public Stream<Migration> queuedOn(String namespace, String target) {
        return byIndex(BY_TARGET_WAITED_FOR, onTargetKey(namespace, target));
    }

    /** The migrations of both kinds that name this one in dependsOn. */
    public Stream<Migration> dependents(Migration migration) {
        return byIndex(BY_DEPENDENCY, migration.getMetadata().getNamespace() + "/" + migration.reference());
    }

    /**
     * Records what a migration depends on, or that it is gone.
     *
     * @return the migrations that depend on themselves now, or did before this change
     */
    public Stream<Migration> linked(Migration migration, boolean exists) {
        var namespace = migration.getMetadata().getNamespace();
        var dependsOn = exists
                ? migration.spec().dependsOn().stream()
                        .map(dependency -> namespace + "/" + dependency)
                        .toList()
                : List.<String>of();
        return graph.change(namespace + "/" + migration.reference(), dependsOn).stream()
                .flatMap(node -> byNode(node).stream());
    }

    /** Whether a migration depends on itself through others; they may be Ready or not. */
    public boolean isInCircle(Migration migration) {
        return graph.isInCircle(migration.getMetadata().getNamespace() + "/" + migration.reference());
    }

    private Optional<? extends Migration> byNode(String node) {
        var parts = node.split("/", 3);
        return migration(MigrationKind.valueOf(parts[1]), parts[0], parts[2]);
    }

    /** Whether any migration of a namespace has steps from ConfigMaps. */
    public boolean hasFed(String namespace) {
        return byIndex(BY_FED_NAMESPACE, namespace).findAny().isPresent();
    }

    /** The migrations with steps from a ConfigMap. */
    public Stream<Migration> fedBy(String namespace, String configMap) {
        return byIndex(BY_SOURCE, namespace + "/" + configMap);
    }

    private Stream<Migration> byIndex(String index, String key) {
        return Stream.concat(schemaMigrations.by(index, key), dataMigrations.by(index, key));
    }

    private InformerCache<? extends Migration> of(MigrationKind kind) {
        return switch (kind) {
            case SchemaMigration -> schemaMigrations;
            case DataMigration -> dataMigrations;
        };
    }

    /** A target by name. */
    public Optional<MigrationTarget> target(String namespace, String name) {
        return targets.get(namespace, name);
    }

    /** The Jobs that a migration controls, or the Jobs that read a target's ledger. */
    public Stream<Job> jobsOf(HasMetadata owner) {
        return jobs.by(BY_OWNER, key(owner));
    }

    /** The Jobs of all migrations on a target that have not ended. */
    public Stream<Job> unfinishedJobsOn(String namespace, String target) {
        return jobs.by(BY_TARGET_AT_WORK, onTargetKey(namespace, target));
    }

    /** The pods of a migration's Jobs, or of the Jobs that read a target's ledger. */
    public Stream<Pod> podsOf(HasMetadata owner) {
        return jobsOf(owner).flatMap(job -> pods.by(BY_OWNER, key(job)));
    }

    /** The pods of all migrations. */
    public Stream<Pod> pods() {
        return pods.all();
    }

    /** One of Cairn's own ConfigMaps. */
    public Optional<ConfigMap> configMap(String namespace, String name) {
        return configMaps.get(namespace, name);
    }

    /** Warnings about a Job or a pod that no status shows. */
    public Stream<Event> obstacles(HasMetadata object) {
        var meta = object.getMetadata();
        return obstacles
                .by(BY_OBJECT, meta.getUid())
                .filter(event -> meta.getNamespace().equals(event.getMetadata().getNamespace()));
    }

    /** The cache of this kind. */
    public InformerCache<SchemaMigration> schemaMigrations() {
        return schemaMigrations;
    }

    /** The cache of this kind. */
    public InformerCache<DataMigration> dataMigrations() {
        return dataMigrations;
    }

    /** The cache of this kind. */
    public InformerCache<MigrationTarget> targets() {
        return targets;
    }

    public InformerCache<Job> jobs() {
        return jobs;
    }

    public InformerCache<Pod> watchedPods() {
        return pods;
    }

    public InformerCache<ConfigMap> configMaps() {
        return configMaps;
    }

    public InformerCache<Node> nodes() {
        return nodes;
    }

    public InformerCache<Event> obstacles() {
        return obstacles;
    }

    private static <M extends Migration> Map<String, Function<M, List<String>>> migrationIndexes() {
        return Map.of(
                BY_TARGET,
                ClusterCache::targetOf,
                BY_TARGET_WAITED_FOR,
                migration -> migration.status() != null && migration.status().phase() == Phase.Queued
                        ? targetOf(migration)
                        : List.of(),
                BY_SOURCE,
                migration -> PlanBuilder.sources(migration).stream()
                        .map(source -> migration.getMetadata().getNamespace() + "/" + source)
                        .toList(),
                BY_FED_NAMESPACE,
                migration -> PlanBuilder.sources(migration).isEmpty()
                        ? List.of()
                        : List.of(migration.getMetadata().getNamespace()),
                BY_DEPENDENCY,
                migration -> migration.spec().dependsOn().stream()
                        .map(dependency -> migration.getMetadata().getNamespace() + "/" + dependency)
                        .toList());
    }

    /** Labels are not trusted: any user can write them, with any UID. */
    private static List<String> controller(HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .map(owner -> object.getMetadata().getNamespace() + "/" + owner.getUid())
                .toList();
    }

    private static String key(HasMetadata owner) {
        return owner.getMetadata().getNamespace() + "/" + owner.getMetadata().getUid();
    }

    private static List<String> targetOf(Migration migration) {
        return List.of(onTargetKey(
                migration.getMetadata().getNamespace(),
                migration.spec().targetRef().name()));
    }

    private static List<String> targetAtWork(Job job) {
        var target = Labels.get(job, Labels.TARGET);
        return target == null || !JobConditions.isUnfinished(job)
                ? List.of()
                : List.of(onTargetKey(job.getMetadata().getNamespace(), target));
    }

    /** The same key for a target's name and for its label. So a Job alone shows which migrations share its target. */
    private static String onTargetKey(String namespace, String target) {
        return namespace + "/" + Labels.value(target);
    }

    /** The watched namespaces. */
    private record Sources(KubernetesClient client, Set<String> namespaces) {
        <T extends HasMetadata> List<Source<T>> all(Class<T> type) {
            return those(client.resources(type), objects -> objects);
        }

        <T extends HasMetadata> List<Source<T>> ours(Class<T> type) {
            return those(client.resources(type), Sources::labelled);
        }

        List<Source<ConfigMap>> ourConfigMaps() {
            return those(client.resources(ConfigMap.class, ConfigMapMetadataList.class), Sources::labelled);
        }

        List<Source<Event>> warnings(List<String> reasons) {
            return reasons.stream()
                    .flatMap(reason ->
                            those(client.v1().events(), events -> events.withField("reason", reason)).stream())
                    .toList();
        }

        private static <T extends HasMetadata> Informable<T> labelled(FilterWatchListDeletable<T, ?, ?> objects) {
            return objects.withLabel(Labels.MANAGED_BY, Labels.CAIRN);
        }

        private <T extends HasMetadata> List<Source<T>> those(
                MixedOperation<T, ?, ?> operation,
                Function<FilterWatchListDeletable<T, ?, ?>, ? extends Informable<T>> selection) {
            if (namespaces.isEmpty()) return List.of(new Source<>(null, selection.apply(operation.inAnyNamespace())));
            return namespaces.stream()
                    .map(namespace -> new Source<T>(namespace, selection.apply(operation.inNamespace(namespace))))
                    .toList();
        }
    }
}
