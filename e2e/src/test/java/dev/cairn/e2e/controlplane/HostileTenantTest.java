package dev.cairn.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import dev.cairn.crds.SchemaMigration;
import dev.cairn.e2e.Chart;
import dev.cairn.e2e.Manifests;
import dev.cairn.e2e.Project;
import dev.cairn.e2e.controlplane.OnControlPlane.Own;
import dev.cairn.operator.job.Labels;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A tenant with the role edit in one namespace cannot stop the migrations of another one. */
@OnControlPlane
class HostileTenantTest {
    private static final int LARGE_JOBS = 60;
    private static final int LARGE_CONFIG_MAPS = 250;
    private static final int MIGRATIONS = 4;

    private static final String MIGRATION = """
            apiVersion: cairn.dev/v1alpha1
            kind: SchemaMigration
            metadata: {name: %s}
            spec: {targetRef: {name: %s}, %s}
            """;

    /** A namespace of somebody else, and the operator that works for all. */
    private record Cluster(
            KubernetesClient client, String victim, String tenant, OperatorProcess operator, FakeDatabase database)
            implements AutoCloseable {
        static Cluster on(ControlPlane plane) throws IOException {
            return new Cluster(
                    plane.client(),
                    plane.createNamespace("victim"),
                    plane.createNamespace("tenant"),
                    plane.operator(OperatorProcess.Setup.watching().withJvmFlags("-Xmx" + heapOfTheChart())),
                    new FakeDatabase());
        }

        void apply(String namespace, String manifest) {
            Manifests.parse(manifest).forEach(object -> create(namespace, object));
        }

        void create(String namespace, HasMetadata object) {
            client.resource(object).inNamespace(namespace).create();
        }

        void createAll(String namespace, Stream<HasMetadata> objects) throws Exception {
            try (var callers = Executors.newFixedThreadPool(8)) {
                var calls = objects.map(object -> (Callable<HasMetadata>) () ->
                                client.resource(object).inNamespace(namespace).create())
                        .toList();
                for (var call : callers.invokeAll(calls)) call.get();
            }
        }

        /** Waits until a migration of the victim is Applied. */
        void awaitApplied(String name) {
            await(name + " Applied", () -> {
                var found = client.resources(SchemaMigration.class)
                        .inNamespace(victim)
                        .withName(name)
                        .require();
                return found.getStatus() != null && found.getStatus().phase() == Phase.Applied;
            });
        }

        /** Waits until the condition holds, and fails where the operator has ended: nobody starts it again here. */
        void await(String wanted, BooleanSupplier condition) {
            Awaitility.await(wanted)
                    .atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> !operator.isAlive() || condition.getAsBoolean());
            assertThat(operator.isAlive())
                    .as("the operator is alive: %s", operator.log())
                    .isTrue();
        }

        @Override
        public void close() {
            operator.close();
        }
    }

    @Test
    void largeObjectsUnderOurLabelsHurtNobodyElse(@Own ControlPlane plane) throws Exception {
        try (var cluster = Cluster.on(plane);
                var jobs = StandInJobController.start(cluster.client(), cluster.victim());
                var kubelet = StandInKubelet.start(cluster.client(), cluster.victim(), cluster.database())) {
            // given a migration that waits for its target
            cluster.apply(cluster.victim(), MIGRATION.formatted("first", "chat", "steps: [{sql: SELECT 1}]"));
            var uid = cluster.client()
                    .resources(SchemaMigration.class)
                    .inNamespace(cluster.victim())
                    .withName("first")
                    .require()
                    .getMetadata()
                    .getUid();

            // when a tenant makes large objects that look like those of that migration, and the operator lists them
            cluster.createAll(
                    cluster.tenant(),
                    IntStream.range(0, LARGE_JOBS).boxed().flatMap(n -> Stream.of(largeJob(uid, n), largePod(uid, n))));
            cluster.createAll(
                    cluster.tenant(), IntStream.range(0, LARGE_CONFIG_MAPS).mapToObj(n -> largeConfigMap(uid, n)));
            cluster.operator().start().awaitReady();

            // and migrations for which the operator lists the Jobs of their target and the ConfigMaps of the namespace
            cluster.create(cluster.tenant(), source());
            cluster.apply(cluster.tenant(), target("own"));
            for (int n = 0; n < MIGRATIONS; n++)
                cluster.apply(
                        cluster.tenant(),
                        MIGRATION.formatted("own-" + n, "own", "stepsFrom: [{configMapRef: {name: sql}}]"));

            // then the migration runs meanwhile
            cluster.apply(cluster.victim(), target("chat"));
            cluster.awaitApplied("first");
            cluster.await("a Job of the tenant with its files", () -> filesOf(cluster) >= 1);
            assertThat(cluster.operator().probe("/healthz")).isEqualTo(200);
        }
    }

    /** As the image sizes it under the memory limit of the chart, in bytes. */
    private static long heapOfTheChart() throws IOException {
        var operator = Manifests.parse(Chart.render(Map.of())).stream()
                .filter(Deployment.class::isInstance)
                .map(Deployment.class::cast)
                .findFirst()
                .orElseThrow();
        var limit = operator.getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getResources()
                .getLimits()
                .get("memory");
        var share = "-XX:MaxRAMPercentage=";
        var percent = Files.readAllLines(Project.root().resolve("images/java.args")).stream()
                .filter(line -> line.startsWith(share))
                .mapToLong(line -> Long.parseLong(line.substring(share.length())))
                .findFirst()
                .orElseThrow();
        return Quantity.getAmountInBytes(limit).longValueExact() * percent / 100;
    }

    private static String target(String name) {
        return """
                apiVersion: cairn.dev/v1alpha1
                kind: MigrationTarget
                metadata: {name: %1$s}
                spec: {scope: %1$s, connection: {secretRef: {name: chat-db-app}}}
                """.formatted(name);
    }

    private static HasMetadata source() {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName("sql")
                .endMetadata()
                .withData(Map.of("1.sql", "SELECT 1"))
                .build();
    }

    /** How many Jobs of the tenant's migrations have all their files: the settings are the last. */
    private static long filesOf(Cluster cluster) {
        return cluster
                .client()
                .configMaps()
                .inNamespace(cluster.tenant())
                .withLabel(Labels.KIND, "SchemaMigration")
                .withoutLabel("fake")
                .list()
                .getItems()
                .stream()
                .filter(file -> file.getMetadata().getName().endsWith("-settings"))
                .count();
    }

    private static HasMetadata largeJob(String uid, int n) {
        return new JobBuilder()
                .withMetadata(like(uid, n))
                .withNewSpec()
                .withSuspend(true)
                .withNewTemplate()
                .withSpec(largePodSpec())
                .endTemplate()
                .endSpec()
                .build();
    }

    private static HasMetadata largePod(String uid, int n) {
        return new PodBuilder()
                .withMetadata(like(uid, n))
                .withSpec(largePodSpec())
                .build();
    }

    /** Only its metadata is ever listed, of which annotations may be the most. */
    private static HasMetadata largeConfigMap(String uid, int n) {
        return new ConfigMapBuilder()
                .withMetadata(new ObjectMetaBuilder(like(uid, n))
                        .addToAnnotations("example.org/padding", "x".repeat(250_000))
                        .build())
                .build();
    }

    private static PodSpec largePodSpec() {
        return new PodSpecBuilder()
                .withRestartPolicy("Never")
                .addNewContainer()
                .withName("migration")
                .withImage("fake:1")
                .withArgs("x".repeat(1_000_000))
                .endContainer()
                .build();
    }

    /** The labels and the owner of a Job of the victim's migration, on a target of the tenant. */
    private static ObjectMeta like(String uid, int n) {
        return new ObjectMetaBuilder()
                .withName("fake-" + n)
                .withLabels(Map.of(
                        Labels.MANAGED_BY,
                        Labels.CAIRN,
                        Labels.UID,
                        uid,
                        Labels.KIND,
                        "SchemaMigration",
                        Labels.NAME,
                        "first",
                        Labels.TARGET,
                        "own",
                        "fake",
                        "true"))
                .addToAnnotations(Labels.FULL_NAME, "first")
                .addNewOwnerReference()
                .withApiVersion("cairn.dev/v1alpha1")
                .withKind("SchemaMigration")
                .withName("first")
                .withUid(uid)
                .withController(true)
                .endOwnerReference()
                .build();
    }
}
