package dev.cairn.e2e.controlplane;

import static dev.cairn.e2e.controlplane.StandInNamespace.TARGET;
import static dev.cairn.e2e.controlplane.StandInNamespace.schema;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.Phase;
import dev.cairn.e2e.Manifests;
import dev.cairn.e2e.cluster.AuditEvent;
import dev.cairn.e2e.scenario.Migrations;
import dev.cairn.operator.job.Labels;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Migrations that wait for each other on one target. */
@OnControlPlane
class QueueTest {

    @Test
    void theNextOneRunsWhenTheOneAtWorkIsDeletedHoweverOftenThatHappens(ControlPlane plane) {
        long seed = Long.getLong("cairn.seed", new Random().nextLong());
        System.out.println("QueueTest: -Dcairn.seed=" + seed);
        var random = new Random(seed);
        StandInKubelet.Script script =
                (migration, attempt) -> migration.contains("stuck") ? new PodRun.Hangs() : PodRun.applied();
        try (var place = StandInNamespace.open(plane, "queue", script)) {
            place.apply(TARGET);
            for (int n = 1; n <= 5; n++) {
                // given one migration at work, and one that waits for it
                var stuck = "SchemaMigration/stuck-" + n;
                var next = "SchemaMigration/next-" + n;
                place.apply(schema("stuck-" + n));
                place.migrations().await(stuck, Phase.Running);
                place.apply(schema("next-" + n));
                var waits = Migrations.message(place.migrations().await(next, Phase.Queued));
                assertThat(waits).doesNotContain("stuck");

                // when the first is deleted, and its Job by the garbage collector, sooner or later
                if (random.nextInt(5) == 0) deleteJob(place.client(), place.namespace(), "stuck-" + n);
                place.migrations().delete(stuck);
                for (int look = random.nextInt(20); look > 0; look--)
                    place.migrations().await(next, "its place in the queue", found -> found.status() != null);
                // A Job that was made just before its migration went is garbage as well.
                var garbage = "stuck-" + n;

                // then the next one runs, without anybody's help
                Awaitility.await(next + " is applied")
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> {
                            deleteJob(place.client(), place.namespace(), garbage);
                            var status = place.migrations()
                                    .await(next, "present", found -> true)
                                    .status();
                            return status != null && status.phase() == Phase.Applied;
                        });
            }
        }
    }

    @Test
    void aQueueIsShownInTheTargetAndCostsEachOfItsMigrationsFewWrites(ControlPlane plane) {
        StandInKubelet.Script script =
                (migration, attempt) -> migration.contains("stuck") ? new PodRun.Hangs() : PodRun.applied();
        try (var place = StandInNamespace.open(plane, "writes", script)) {
            place.apply(TARGET.replace("chat}", "ledgered}"));
            place.apply(schema("stuck").replace("chat}", "ledgered}"));
            place.migrations().await("SchemaMigration/stuck", Phase.Running);

            // given eight migrations that wait for one at work
            IntStream.rangeClosed(1, 8).forEach(n -> {
                place.apply(schema("queued-" + n).replace("chat}", "ledgered}"));
                place.migrations().await("SchemaMigration/queued-" + n, Phase.Queued);
            });
            place.client()
                    .resources(MigrationTarget.class)
                    .inNamespace(place.namespace())
                    .withName("ledgered")
                    .waitUntilCondition(
                            target -> target.getStatus() != null
                                    && target.getStatus().queue() != null
                                    && target.getStatus().queue().size() == 8,
                            30,
                            TimeUnit.SECONDS);
            assertThat(writesOf(plane, "queued-", "schemamigrations/status"))
                    .as("writes of those that only wait")
                    .isEqualTo(8);

            // when their turn comes
            place.kubelet().end("SchemaMigration/stuck", PodRun.applied());
            IntStream.rangeClosed(1, 8)
                    .forEach(n -> place.migrations().await("SchemaMigration/queued-" + n, Phase.Applied));

            // then each cost few writes, by the API server's own record
            var kinds = new TreeMap<String, Long>();
            writes(plane, "queued-")
                    .forEach(event -> kinds.merge(event.verb() + " " + event.resource(), 1L, Long::sum));
            long writes = kinds.values().stream().mapToLong(Long::longValue).sum();
            System.out.printf(
                    "QueueTest: %.1f writes for each of eight migrations: %s; %d for their target%n",
                    writes / 8.0, kinds, writesOf(plane, "ledgered", ""));
            assertThat(writes).isLessThanOrEqualTo(8 * 8);
        }
    }

    @Test
    void theQueueGoesOnBehindAMigrationWhoseLookFailsEachTime(ControlPlane plane) {
        StandInKubelet.Script script =
                (migration, attempt) -> migration.contains("stuck") ? new PodRun.Hangs() : PodRun.applied();
        try (var place = StandInNamespace.open(plane, "behind", script)) {
            place.apply(TARGET);

            // given one at work and two that wait, of which the API server fails at the first one's Job
            place.apply(schema("stuck"));
            place.migrations().await("SchemaMigration/stuck", Phase.Running);
            place.apply(schema("first"));
            place.migrations().await("SchemaMigration/first", Phase.Queued);
            place.apply(schema("second"));
            place.migrations().await("SchemaMigration/second", Phase.Queued);
            var webhook = Manifests.parse(brokenWebhook(place.namespace())).getFirst();
            place.client().resource(webhook).create();

            // when their turn comes
            place.kubelet().end("SchemaMigration/stuck", PodRun.applied());

            // then the second does not wait for the first, which says what keeps it
            place.migrations().await("SchemaMigration/second", Phase.Applied);
            var message = place.migrations().awaitMessage("SchemaMigration/first", "Running/Starting");
            assertThat(message).contains("failed calling webhook \"broken.example.org\"");

            // and the first has its turn once that is mended
            place.client().resource(webhook).delete();
            place.migrations().await("SchemaMigration/first", Phase.Applied);
        }
    }

    @Test
    void aJobThatNoMigrationOwnsIsNamedAndItsEndIsNoticed(ControlPlane plane) {
        StandInKubelet.Script script =
                (migration, attempt) -> migration.contains("stuck") ? new PodRun.Hangs() : PodRun.applied();
        try (var place = StandInNamespace.open(plane, "orphan", script)) {
            place.apply(TARGET);

            // given a migration at work that was deleted without its Job
            place.apply(schema("stuck"));
            place.migrations().await("SchemaMigration/stuck", Phase.Running);
            var job = place.client()
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(place.namespace())
                    .withLabel(Labels.NAME, "stuck")
                    .list()
                    .getItems()
                    .getFirst();
            place.client()
                    .resource(new JobBuilder(place.client().resource(job).get())
                            .editMetadata()
                            .withOwnerReferences()
                            .endMetadata()
                            .build())
                    .update();
            place.migrations().delete("SchemaMigration/stuck");

            // then the next one names the Job that it waits for
            place.apply(schema("next"));
            assertThat(place.migrations().awaitMessage("SchemaMigration/next", "Queued/AnotherMigrationRuns"))
                    .contains("Job " + job.getMetadata().getName(), "belongs to no migration", "delete it");

            // and goes on by itself when that is gone
            deleteJob(place.client(), place.namespace(), "stuck");
            place.migrations().await("SchemaMigration/next", Phase.Applied);
        }
    }

    @Test
    void aLookReadsNoMoreWhereATargetHasManyMigrations(ControlPlane plane) {
        var namespace = plane.createNamespace("looks");
        var client = plane.client();
        Manifests.apply(client, namespace, TARGET);
        Manifests.apply(client, namespace, schema("asked").replace("steps:", "suspend: true, steps:"));
        try (var operator = SteppedOperator.start(plane, namespace)) {
            // given a target with one migration, of which everything is said
            operator.awaitMigrations(1);
            for (int look = 0; look < 20; look++) operator.look("asked");
            long alone = operator.bytesOfALook("asked");

            // when it has three hundred more, none of which waits
            IntStream.rangeClosed(1, 300).forEach(n -> Manifests.apply(client, namespace, schema("other-" + n)));
            operator.awaitMigrations(301);

            // then a look reads as much as before
            long among = operator.bytesOfALook("asked");
            System.out.printf("QueueTest: a look takes %d bytes alone, %d among 300 more%n", alone, among);
            assertThat(among).isLessThan(2 * alone);
        }
    }

    /** The writes of the operator to objects with this in their name. */
    private static long writesOf(ControlPlane plane, String name, String resource) {
        return writes(plane, name)
                .filter(event -> event.resource().startsWith(resource))
                .count();
    }

    private static Stream<AuditEvent> writes(ControlPlane plane, String name) {
        return plane.auditLog()
                .filter(event ->
                        event.name().contains(name) && !event.resource().startsWith("leases"))
                .filter(event -> switch (event.verb()) {
                    case "create", "update", "patch", "delete" -> true;
                    default -> false;
                });
    }

    private static void deleteJob(KubernetesClient client, String namespace, String migration) {
        client.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withLabel(Labels.NAME, migration)
                .delete();
    }

    /** Nobody listens there; the API server asks it about the Jobs of one migration. */
    private static String brokenWebhook(String namespace) {
        return """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: %1$s}
                webhooks:
                - name: broken.example.org
                  admissionReviewVersions: [v1]
                  sideEffects: None
                  timeoutSeconds: 1
                  failurePolicy: Fail
                  clientConfig: {url: "https://127.0.0.1:1/"}
                  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
                  objectSelector: {matchLabels: {%2$s: first}}
                  rules: [{apiGroups: [batch], apiVersions: ["*"], resources: [jobs], operations: [CREATE]}]
                """.formatted(namespace, Labels.NAME);
    }
}
