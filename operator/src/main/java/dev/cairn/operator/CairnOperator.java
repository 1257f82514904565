package dev.cairn.operator;

import dev.cairn.crds.DataMigration;
import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.SchemaMigration;
import dev.cairn.operator.act.Actions;
import dev.cairn.operator.act.EventRecorder;
import dev.cairn.operator.act.StatusWriter;
import dev.cairn.operator.observe.LastWords;
import dev.cairn.operator.observe.Observer;
import dev.cairn.operator.observe.PlanReading;
import dev.cairn.operator.observe.ProgressPolls;
import dev.cairn.operator.observe.SourceWatches;
import dev.cairn.operator.observe.Triggers;
import dev.cairn.operator.observe.World;
import dev.cairn.plan.MigrationKind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** Everything wired together. Closing it stops it; migrations go on without it, and their status waits. */
final class CairnOperator implements AutoCloseable, Triggers.Bell {
    private static final String NAME = "cairn-operator";

    /** Even where nothing has changed: from the caches, so it costs the API server nothing. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

    private final World world;
    private final SourceWatches sources;
    private final ProgressPolls polls;
    private final LastWords lastWords = new LastWords();
    private final Triggers triggers;
    private final Operator operator;
    private final Options options;
    private final Doorbell<SchemaMigration> schemaBell = new Doorbell<>();
    private final Doorbell<DataMigration> dataBell = new Doorbell<>();
    private final Doorbell<MigrationTarget> targetBell = new Doorbell<>();

    CairnOperator(KubernetesClient client, Options options, InstantSource clock) {
        this.options = options;
        world = new World(client, options.namespaces());
        sources = new SourceWatches(
                client,
                (namespace, name) -> world.fedBy(namespace, name).findAny().isPresent(),
                (namespace, name) -> world.fedBy(namespace, name)
                        .forEach(migration -> migration(
                                migration.migrationKind(),
                                namespace,
                                migration.getMetadata().getName())));
        triggers = new Triggers(world, sources, this);
        polls = new ProgressPolls(world::pods, triggers::progressed);
        operator = new Operator(overrider -> configure(overrider, client));

        var plans = new PlanReading((namespace, name) -> read(client, namespace, name), sources);
        var observer =
                new Observer(world, plans, polls, lastWords, options.runner().name(), clock);
        var actions = new Actions(client, world, options.runner());
        var events = new EventRecorder(client, clock);
        operator.register(
                new SchemaMigrationReconciler(
                        new Reconciliation<>(observer, actions, new StatusWriter<>(SchemaMigration::new), events),
                        schemaBell),
                this::configure);
        operator.register(
                new DataMigrationReconciler(
                        new Reconciliation<>(observer, actions, new StatusWriter<>(DataMigration::new), events),
                        dataBell),
                this::configure);
        operator.register(
                new MigrationTargetReconciler(world, new StatusWriter<>(MigrationTarget::new), targetBell, clock),
                this::configure);
    }

    /** Fills the caches and begins to work, or to wait for the lease. */
    void start() {
        // Before the triggers: who looks because a pod has ended finds what it said.
        lastWords.listen(world);
        triggers.connect();
        world.start();
        if (options.lease().isEmpty()) polls.start();
        operator.start();
    }

    /** Calls when it can no longer do its work, and has to be started anew. */
    void onLoss(Consumer<Throwable> listener) {
        world.onLoss(listener);
    }

    /** Whether every watch is kept up. */
    boolean isHealthy() {
        return world.healthy();
    }

    /** Whether it works, or stands by. */
    boolean isReady() {
        return operator.getRuntimeInfo().isStarted() && isHealthy();
    }

    @Override
    public void close() {
        polls.close();
        operator.stop();
        sources.close();
        world.close();
    }

    @Override
    public void migration(MigrationKind kind, String namespace, String name) {
        switch (kind) {
            case SchemaMigration -> schemaBell.ring(namespace, name);
            case DataMigration -> dataBell.ring(namespace, name);
        }
    }

    @Override
    public void target(String namespace, String name) {
        targetBell.ring(namespace, name);
    }

    private void configure(ConfigurationServiceOverrider overrider, KubernetesClient client) {
        overrider.withKubernetesClient(client).withCloseClientOnStop(false).checkingCRDAndValidateLocalModel(false);
        if (!options.lease().isEmpty())
            overrider.withLeaderElectionConfiguration(
                    LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(options.lease())
                            .withLeaseNamespace(options.namespace())
                            .withIdentity(options.pod())
                            // A process that has lost its lease ends at once: another one works already.
                            .withExitOnStopLeading(true)
                            .withLeaderCallbacks(new LeaderCallbacks(polls::start, () -> {}, leader -> {}))
                            .build());
    }

    private <P extends HasMetadata> void configure(ControllerConfigurationOverrider<P> overrider) {
        overrider
                .withFieldManager(NAME)
                // Annotations count as well as the spec, and our own writes of the status do not.
                .withGenerationAware(false)
                .withOnUpdateFilter((after, before) -> concernsUs(before, after))
                .withReconciliationMaxInterval(LOOK_AGAIN)
                .withRetry(new GenericRetry()
                        .setInitialInterval(Duration.ofSeconds(1))
                        .setIntervalMultiplier(2)
                        .setMaxInterval(Duration.ofMinutes(1).toMillis())
                        .withoutMaxAttempts());
        if (!options.namespaces().isEmpty()) overrider.settingNamespaces(options.namespaces());
    }

    private static boolean concernsUs(HasMetadata before, HasMetadata after) {
        return !Objects.equals(
                        before.getMetadata().getGeneration(),
                        after.getMetadata().getGeneration())
                || !Objects.equals(
                        before.getMetadata().getAnnotations(),
                        after.getMetadata().getAnnotations());
    }

    private static Optional<Map<String, String>> read(KubernetesClient client, String namespace, String name) {
        return Optional.ofNullable(client.configMaps()
                        .inNamespace(namespace)
                        .withName(name)
                        .get())
                .map(configMap -> Optional.ofNullable(configMap.getData()).orElse(Map.of()));
    }
}
