package dev.cairn.operator.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTarget;
import dev.cairn.operator.Samples;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Plan;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class JobManifestTest {
    private static final RunnerImage IMAGE = new RunnerImage("cairn/runner:1", "IfNotPresent", true);
    private static final Path EXPECTED = Path.of("src/test/resources/dev/cairn/operator/job");
    private static final String BACKFILL =
            "{targetRef: {name: chat}, over: {table: messages}, sql: 'UPDATE messages SET mood = 1 WHERE :batch'}";

    @Test
    void aPlainTargetGivesThisJob() throws IOException {
        assertRenders("plain.yaml", Samples.data("backfill", BACKFILL), Samples.target());
    }

    @Test
    void aTargetWithEverythingGivesThisJob() throws IOException {
        var target = Samples.target("""
                {scope: chat,
                 connection: {secretRef: {name: chat-db}, sslRootCert: {secretKeyRef: {name: chat-ca, key: root.pem}}},
                 job: {resources: {limits: {memory: 1Gi}}, nodeSelector: {disk: ssd}, imagePullSecrets: [{name: pull}],
                       tolerations: [{key: batch, operator: Exists}],
                       podMetadata: {labels: {team: chat, cairn.dev/uid: mine}, annotations: {cairn.dev/full-name: mine, sidecar.istio.io/inject: "false"}}},
                 pace: {holdWhile: [{signal: replicationLag, above: 5s, secretRef: {name: chat-db-replica}}]}}""");
        assertRenders("everything.yaml", Samples.data("backfill", BACKFILL), target);
    }

    @Test
    void eachReplicasSecretIsMountedOnceAlsoWhileItsHoldIsSuspended() {
        var migration = Samples.data("backfill", """
                {targetRef: {name: chat}, over: {table: t}, sql: 'UPDATE t SET n = 1 WHERE :batch',
                 pace: {holdWhile: [{signal: replicationLag, above: 5s, secretRef: {name: b}, suspend: true},
                                     {signal: replicationLag, above: 5s, secretRef: {name: a}},
                                     {signal: replicationLag, above: 9s, secretRef: {name: b}}]}}""");
        var pod = JobManifest.job(order(migration, Samples.target()), 1)
                .getSpec()
                .getTemplate()
                .getSpec();
        assertThat(pod.getContainers().getFirst().getVolumeMounts())
                .extracting(mount -> mount.getName() + " " + mount.getMountPath())
                .contains("replica-0 /cairn/replicas/b", "replica-1 /cairn/replicas/a")
                .hasSize(5);
    }

    @Test
    void aContainerGivesThisJob() throws IOException {
        var target = Samples.target("""
                {scope: chat,
                 connection: {secretRef: {name: chat-db}, sslRootCert: {secretKeyRef: {name: chat-ca, key: root.pem}}},
                 containers: {allowedImages: ["registry.example/chat/*"]},
                 job: {resources: {limits: {memory: 1Gi}}}}""");
        var migration = Samples.data(
                "fill",
                "{targetRef: {name: chat}, container: {image: 'registry.example/chat/fill:1', command: [/fill, '$(HOME)']}}");
        assertRenders("container.yaml", migration, target);
    }

    @Test
    void aJobRemembersWhatItsPodWasRenderedFrom() {
        var migration = Samples.data("backfill", BACKFILL);
        var first = Rendering.digest(migration, Samples.target().getSpec(), IMAGE);
        assertThat(Rendering.digest(migration, Samples.target().getSpec(), IMAGE))
                .isEqualTo(first);
        for (var changed : List.of(
                "{scope: chat, connection: {secretRef: {name: other}}}",
                "{scope: chat, connection: {secretRef: {name: chat-db}, sslRootCert: {secretKeyRef: {name: ca, key: c}}}}",
                "{scope: chat, connection: {secretRef: {name: chat-db}}, job: {resources: {limits: {memory: 1Gi}}}}",
                "{scope: chat, connection: {secretRef: {name: chat-db}}, job: {imagePullSecrets: [{name: pull}]}}",
                "{scope: chat, connection: {secretRef: {name: chat-db}}, job: {podMetadata: {labels: {a: b}}}}"))
            assertThat(Rendering.digest(migration, Samples.target(changed).getSpec(), IMAGE))
                    .as(changed)
                    .isNotEqualTo(first);
        // what reaches a Job by its settings needs no other pod
        var slower = Samples.target(
                "{scope: chat, connection: {secretRef: {name: chat-db}}, pace: {maxRowsPerSecond: 5}, suspend: true}");
        assertThat(Rendering.digest(migration, slower.getSpec(), IMAGE)).isEqualTo(first);
    }

    @Test
    void whereThePlatformAssignsUserIdsThePodNamesNone() {
        var order = order(Samples.data("backfill", BACKFILL), Samples.target());
        var assigned = new JobInputs(
                order.name(),
                order.migration(),
                order.target(),
                order.plan(),
                order.settings(),
                new RunnerImage("cairn/runner:1", "IfNotPresent", false),
                1,
                "");
        var security =
                JobManifest.job(assigned, 1).getSpec().getTemplate().getSpec().getSecurityContext();
        assertThat(security.getRunAsNonRoot()).isTrue();
        assertThat(security.getRunAsUser()).isNull();
        assertThat(security.getRunAsGroup()).isNull();
        assertThat(security.getFsGroup()).isNull();
    }

    @Test
    void labelsOfTheMigrationAreNotCopiedSoThatArgoDoesNotTakeItsJobForItsOwn() {
        var migration = Samples.schema("add");
        migration.getMetadata().setLabels(Map.of("app.kubernetes.io/instance", "chat"));
        var job = JobManifest.job(order(migration, Samples.target()), 1);
        assertThat(job.getMetadata().getLabels()).doesNotContainKey("app.kubernetes.io/instance");
        assertThat(job.getSpec().getTemplate().getMetadata().getLabels())
                .doesNotContainKey("app.kubernetes.io/instance");
    }

    @Test
    void aPlanTooLargeForOneConfigMapIsSplitAndComesTogetherAgain() throws IOException {
        // given two megabytes that do not compress
        var bytes = new byte[1_500_000];
        new Random(1).nextBytes(bytes);
        var sql = Base64.getEncoder().encodeToString(bytes);
        var migration = Samples.schema("large", "{targetRef: {name: chat}, steps: [{sql: %s}]}".formatted(sql));
        var plan = PlanBuilder.plan(migration, "chat", Map.of());

        // when
        var pieces = ConfigMaps.pieces(plan);
        var parts = parts(migration, made("smig-large-1"), pieces);

        // then
        assertThat(parts)
                .hasSizeGreaterThan(1)
                .allSatisfy(part -> assertThat(part.getImmutable()).isTrue());
        assertThat(Plan.fromJson(unzip(parts))).isEqualTo(plan);
        var large = new AtomicInteger();
        assertThat(ConfigMaps.plan(pieces, large::incrementAndGet)).isEqualTo(plan);
        assertThat(large).hasValue(1);
        var small = PlanBuilder.plan(Samples.schema("small"), "chat", Map.of());
        assertThat(ConfigMaps.plan(ConfigMaps.pieces(small), large::incrementAndGet))
                .isEqualTo(small);
        assertThat(large).hasValue(1);
    }

    @Test
    void aFileThatUnpacksToMoreThanAnyPlanIsRefused() throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(zipped)) {
            for (int n = 0; n < 40; n++) out.write(new byte[1 << 20]);
        }

        assertThatThrownBy(() -> ConfigMaps.plan(List.of(zipped.toByteArray()), () -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("unpacks to more than 33 MiB");
    }

    private static void assertRenders(String file, Migration migration, MigrationTarget target) throws IOException {
        var order = order(migration, target);
        var text = new StringBuilder();
        for (var configMap : parts(migration, made(order.name()), ConfigMaps.pieces(order.plan()))) {
            configMap.setBinaryData(null); // depends on the platform's zlib; the test below reads it back
            text.append("---\n").append(yaml(configMap));
        }
        text.append("---\n").append(yaml(ConfigMaps.settings(migration, made(order.name()), order.settings())));
        text.append("---\n").append(yaml(JobManifest.job(order, 1)));
        if (System.getProperty("cairn.write") != null) Files.writeString(EXPECTED.resolve(file), text);
        assertThat(EXPECTED.resolve(file))
                .as("run with -Dcairn.write to write it anew, and read the difference")
                .hasContent(text.toString());
    }

    private static List<ConfigMap> parts(Migration migration, Job job, List<byte[]> pieces) {
        return IntStream.range(0, pieces.size())
                .mapToObj(n -> ConfigMaps.part(migration, job, n, pieces.get(n)))
                .toList();
    }

    private static JobInputs order(Migration migration, MigrationTarget target) {
        var plan = PlanBuilder.plan(migration, "chat", Map.of());
        return new JobInputs(
                Names.job(migration, plan.hash()),
                migration,
                target.getSpec(),
                plan,
                SettingsMapper.settings(migration, target.getSpec()),
                IMAGE,
                1,
                "1/0/0/0/0");
    }

    /** As the API server answers: the files need its UID. */
    private static Job made(String name) {
        return new JobBuilder()
                .withNewMetadata()
                .withName(name)
                .withUid("uid-of-" + name)
                .endMetadata()
                .build();
    }

    private static String yaml(Object object) {
        return Serialization.asYaml(object).replaceFirst("^---\n", "");
    }

    private static byte[] unzip(List<ConfigMap> parts) throws IOException {
        var joined = new ByteArrayOutputStream();
        for (int n = 0; n < parts.size(); n++)
            joined.write(Base64.getDecoder().decode(parts.get(n).getBinaryData().get(Mounts.planPart(n))));
        try (var in = new GZIPInputStream(new ByteArrayInputStream(joined.toByteArray()))) {
            return in.readAllBytes();
        }
    }
}
