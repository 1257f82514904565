package dev.cairn.operator;

import dev.cairn.crds.DataMigration;
import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.SchemaMigration;
import dev.cairn.operator.act.Actions;
import dev.cairn.operator.act.EventRecorder;
import dev.cairn.operator.act.LedgerReaders;
import dev.cairn.operator.act.StatusWriter;
import dev.cairn.operator.cache.ClusterCache;
import dev.cairn.operator.cache.InformerCache;
import dev.cairn.operator.leader.LeaderLease;
import dev.cairn.operator.observe.ConfigMapWatches;
import dev.cairn.operator.observe.EventRouting;
import dev.cairn.operator.observe.FinalProgress;
import dev.cairn.operator.observe.LedgerAnswers;
import dev.cairn.operator.observe.LedgerQuestions;
import dev.cairn.operator.observe.Observer;
import dev.cairn.operator.observe.PlanReading;
import dev.cairn.operator.observe.PlanRoom;
import dev.cairn.operator.observe.ProgressPolls;
import dev.cairn.operator.observe.SerialReads;
import dev.cairn.operator.reconcile.MigrationReconciler;
import dev.cairn.operator.reconcile.MigrationTargetReconciler;
import dev.cairn.operator.reconcile.ObjectKey;
import dev.cairn.operator.reconcile.ReconcileLoop;
import dev.cairn.plan.MigrationKind;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Connects all parts of the operator. Close it to stop it. Migrations continue without it; their status waits. */
final class CairnOperator implements AutoCloseable, EventRouting.Passes {
    private static final Duration BETWEEN_LOOKS_AT_A_TARGET = Duration.ofMillis(500);
    private static final String TARGET = "MigrationTarget";

    private final String identity;
    private final Clients clients;
    private final ClusterCache cache;
    private final ConfigMapWatches configMapWatches;
    private final ProgressPolls polls;
    private final FinalProgress finalProgress = new FinalProgress();
    private final EventRouting routing;
    private final ReconcileLoop loop;
    private final Consumer<Throwable> onLoss;

    /** Null where a single replica works without a lease. */
    private final @Nullable LeaderLease lease;

    private volatile boolean started;
    private volatile boolean closed;

    /** @param onLoss called when it can no longer do its work and the process must restart */
    CairnOperator(Config config, Options options, InstantSource clock, Consumer<Throwable> onLoss) {
        this.onLoss = onLoss;
        identity = Optional.ofNullable(options.pod())
                .orElseGet(() -> UUID.randomUUID().toString());
        clients = new Clients(config, identity, this::mayWrite);
        var client = clients.work();
        cache = new ClusterCache(client, options.namespaces());
        configMapWatches = new ConfigMapWatches(
                client,
                cache::hasFed,
                (namespace, name) -> cache.fedBy(namespace, name)
                        .forEach(migration -> migration(
                                migration.migrationKind(),
                                namespace,
                                migration.getMetadata().getName())));
        routing = new EventRouting(cache, configMapWatches, this);
        polls = new ProgressPolls(cache::pods, routing::progressed);
        loop = loop(client, options, clock);
        lease = lease(options, clock);
    }

    private ReconcileLoop loop(KubernetesClient client, Options options, InstantSource clock) {
        var room = new PlanRoom();
        var reads = new SerialReads();
        var plans = new PlanReading(
                (namespace, name) -> reads.read(() -> read(client, namespace, name)), configMapWatches, room);
        var ledgers = new LedgerAnswers();
        var observer = new Observer(cache, plans, polls, finalProgress, ledgers, options.runner(), clock);
        var readers =
                new LedgerReaders(client, cache, new LedgerQuestions(plans), ledgers, options.runner(), this, clock);
        var actions = new Actions(client, cache, options.runner(), room, reads);
        var events = new EventRecorder(client, clock);
        InformerCache<SchemaMigration> schemaMigrations = cache.schemaMigrations();
        InformerCache<DataMigration> dataMigrations = cache.dataMigrations();
        InformerCache<MigrationTarget> targets = cache.targets();
        Map<String, ReconcileLoop.Look> reconcilers = Map.of(
                MigrationKind.SchemaMigration.name(),
                new MigrationReconciler<>(
                        schemaMigrations,
                        observer,
                        actions,
                        new StatusWriter<>(client, SchemaMigration::new, schemaMigrations::wrote),
                        events,
                        clock),
                MigrationKind.DataMigration.name(),
                new MigrationReconciler<>(
                        dataMigrations,
                        observer,
                        actions,
                        new StatusWriter<>(client, DataMigration::new, dataMigrations::wrote),
                        events,
                        clock),
                TARGET,
                new MigrationTargetReconciler(
                        cache,
                        readers,
                        new StatusWriter<>(client, MigrationTarget::new, targets::wrote),
                        events,
                        clock));
        return new ReconcileLoop((key, failures) -> {
            try {
                return Objects.requireNonNull(reconcilers.get(key.kind()), key.kind())
                        .at(key, failures);
            } finally {
                room.leave();
            }
        });
    }

    private @Nullable LeaderLease lease(Options options, InstantSource clock) {
        if (options.lease().isEmpty()) return null;
        var client = clients.lease();
        return new LeaderLease(
                client,
                Optional.ofNullable(options.namespace()).orElseGet(client::getNamespace),
                options.lease(),
                Optional.ofNullable(options.pod())
                        .orElseGet(() -> UUID.randomUUID().toString()),
                clock,
                new LeaderLease.Listener() {
                    @Override
                    public void leads() {
                        work();
                    }

                    @Override
                    public void lost(String why) {
                        // Another replica works already, or soon.
                        onLoss.accept(new IllegalStateException("the lease is lost: " + why));
                    }
                });
    }

    /** Fills the caches and starts to work, or to wait for the lease. It waits while the API server is unreachable. */
    void start() {
        // First of all: a pass after the end of a pod finds the pod's progress here.
        finalProgress.listen(cache);
        routing.connect();
        cache.onLoss(onLoss);
        cache.start();
        if (lease == null) work();
        else lease.start();
        started = true;
    }

    /** Whether its caches are filled and up to date, so that it works or stands by. */
    boolean isReady() {
        return started && cache.healthy();
    }

    /** Objects whose worker hangs: only a new process helps. */
    List<ObjectKey> hung() {
        return loop.hung();
    }

    /** Stops the work, then gives the lease back. So the next leader never works at the same time. */
    @Override
    public void close() {
        loop.close();
        polls.close();
        if (lease != null) lease.close();
        closed = true;
        configMapWatches.close();
        cache.close();
        clients.close();
    }

    @Override
    public void migration(MigrationKind kind, String namespace, String name) {
        loop.add(new ObjectKey(kind.name(), namespace, name));
    }

    @Override
    public void target(String namespace, String name) {
        loop.add(new ObjectKey(TARGET, namespace, name));
    }

    @Override
    public void targetSoon(String namespace, String name) {
        loop.addWithin(new ObjectKey(TARGET, namespace, name), BETWEEN_LOOKS_AT_A_TARGET);
    }

    private void work() {
        polls.start();
        loop.start();
    }

    private boolean mayWrite() {
        return !closed && (lease == null || lease.mayWrite());
    }

    private static Optional<PlanReading.Source> read(KubernetesClient client, String namespace, String name) {
        return Optional.ofNullable(client.configMaps()
                        .inNamespace(namespace)
                        .withName(name)
                        .get())
                .map(configMap -> new PlanReading.Source(
                        configMap.getMetadata().getResourceVersion(),
                        Optional.ofNullable(configMap.getData()).orElse(Map.of())));
    }
}
