package dev.cairn.e2e.controlplane;

import com.sun.management.ThreadMXBean;
import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationStatus;
import dev.cairn.crds.SchemaMigration;
import dev.cairn.operator.act.Actions;
import dev.cairn.operator.act.StatusWriter;
import dev.cairn.operator.cache.ClusterCache;
import dev.cairn.operator.decide.Decision;
import dev.cairn.operator.decide.NextStep;
import dev.cairn.operator.job.RunnerImage;
import dev.cairn.operator.leader.WriteGate;
import dev.cairn.operator.observe.ConfigMapWatches;
import dev.cairn.operator.observe.FinalProgress;
import dev.cairn.operator.observe.LedgerAnswers;
import dev.cairn.operator.observe.Observer;
import dev.cairn.operator.observe.PlanReading;
import dev.cairn.operator.observe.PlanRoom;
import dev.cairn.operator.observe.ProgressPolls;
import dev.cairn.operator.observe.SerialReads;
import dev.cairn.operator.report.StatusReport;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * The operator's looks at schema migrations, in this process, when a test says so. It can be cut off before any of its
 * writes, which is where a crash leaves it, and its caches can be stopped from following the cluster.
 */
final class SteppedOperator implements AutoCloseable {
    private static final RunnerImage IMAGE = new RunnerImage("cairn-runner:test", "IfNotPresent", true);

    private final String namespace;
    private final KubernetesClient client;
    private final ClusterCache cache;
    private final ConfigMapWatches configMapWatches;
    private final ProgressPolls polls;
    private final Observer observer;
    private final Actions actions;
    private final StatusWriter<MigrationStatus, SchemaMigration> writer;

    private SteppedOperator(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
        cache = new ClusterCache(client, Set.of(namespace));
        configMapWatches = new ConfigMapWatches(client, any -> true, (space, name) -> {});
        polls = new ProgressPolls(cache::pods, pod -> {});
        var room = new PlanRoom();
        var plans = new PlanReading(
                (space, name) -> Optional.ofNullable(client.configMaps()
                                .inNamespace(space)
                                .withName(name)
                                .get())
                        .map(found ->
                                new PlanReading.Source(found.getMetadata().getResourceVersion(), found.getData())),
                configMapWatches,
                room);
        var finalProgress = new FinalProgress();
        finalProgress.listen(cache);
        observer = new Observer(cache, plans, polls, finalProgress, new LedgerAnswers(), IMAGE, InstantSource.system());
        actions = new Actions(client, cache, IMAGE, room, new SerialReads());
        writer = new StatusWriter<>(client, SchemaMigration::new, written -> {});
        cache.start();
    }

    /** One whose writes all arrive. */
    static SteppedOperator start(ControlPlane plane, String namespace) {
        return start(plane, namespace, Integer.MAX_VALUE);
    }

    /**
     * One that dies before a write.
     *
     * @param writes that arrive
     */
    static SteppedOperator start(ControlPlane plane, String namespace, int writes) {
        var left = new AtomicInteger(writes);
        try {
            var client = new KubernetesClientBuilder()
                    .withConfig(Config.fromKubeconfig(Files.readString(plane.kubeconfig())))
                    .withHttpClientBuilderConsumer(http ->
                            http.addOrReplaceInterceptor("write-gate", new WriteGate(() -> left.getAndDecrement() > 0)))
                    .build();
            return new SteppedOperator(client, namespace);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Observe, decide, act, report.
     *
     * @throws WriteGate.ClosedException at the write before which it dies
     */
    Decision look(String migration) {
        var found = client.resources(SchemaMigration.class)
                .inNamespace(namespace)
                .withName(migration)
                .require();
        var observed = observer.observe(found);
        var decision = actions.carryOut(NextStep.decide(observed.facts()), observed);
        var target = observed.target();
        var status = StatusReport.status(
                found.getStatus(),
                found.getMetadata().getGeneration(),
                decision,
                observed.facts(),
                observed.plan(),
                target == null ? null : target.place());
        if (!status.equals(found.getStatus())) writer.write(found, status);
        return decision;
    }

    /** How much memory one more look takes, in bytes: a cache unpacks every object that a look reads. */
    long bytesOfALook(String migration) {
        var memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        look(migration);
        return memory.getCurrentThreadAllocatedBytes() - before;
    }

    /** Waits until its cache has this number of migrations. */
    void awaitMigrations(long count) {
        Awaitility.await(count + " migrations in the cache")
                .atMost(Duration.ofMinutes(1))
                .until(() -> cache.schemaMigrations().all().count() == count);
    }

    /** Looks until nothing is left to write. True where it died before a write. */
    boolean diesWhileLooking(String migration, int looks) {
        try {
            for (int look = 0; look < looks; look++) look(migration);
            return false;
        } catch (WriteGate.ClosedException death) {
            return true;
        }
    }

    /** The Jobs that its cache has of a migration. */
    long cachedJobs(Migration migration) {
        return cache.jobsOf(migration).count();
    }

    /** From now on the caches keep what they have. */
    void stopFollowing() {
        cache.close();
    }

    @Override
    public void close() {
        polls.close();
        configMapWatches.close();
        cache.close();
        client.close();
    }
}
