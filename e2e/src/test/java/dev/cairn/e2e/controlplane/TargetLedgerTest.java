package dev.cairn.e2e.controlplane;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.crds.Api;
import dev.cairn.crds.Condition;
import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.Phase;
import dev.cairn.crds.SchemaMigration;
import dev.cairn.e2e.Manifests;
import dev.cairn.e2e.controlplane.OnControlPlane.Own;
import dev.cairn.e2e.scenario.Migrations;
import dev.cairn.operator.job.Labels;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Reason;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a ledger says without a run: many at once, what was lost, and whether the database can be reached. */
@OnControlPlane
class TargetLedgerTest {
    private static final int OLD_MIGRATIONS = 500;

    @Test
    void aNewClusterBeforeAnOldDatabaseFindsHundredsAppliedWithAFewJobs(ControlPlane plane) {
        var namespace = plane.createNamespace("old-database");
        var client = plane.client();
        var migrations = new Migrations(client, namespace);
        var database = new FakeDatabase();
        IntStream.rangeClosed(1, OLD_MIGRATIONS).forEach(n -> database.applied.add("SchemaMigration/old-" + n));
        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace));
                var jobs = StandInJobController.start(client, namespace);
                var kubelet = StandInKubelet.start(client, namespace, database)) {
            operator.start().awaitReady();

            // when a target and five hundred migrations are applied, one after the other
            var began = Instant.now();
            apply(client, namespace, target("chat-db"));
            IntStream.rangeClosed(1, OLD_MIGRATIONS)
                    .forEach(n -> apply(client, namespace, schema("old-" + n, n == 1 ? null : "old-" + (n - 1))));

            // then all are applied already, and it took a few Jobs
            awaitAll(
                    client,
                    namespace,
                    migration -> migration.getStatus() != null
                            && "AlreadyApplied".equals(migration.getStatus().reason()));
            System.out.printf(
                    "TargetLedgerTest: %d migrations AlreadyApplied after %d s, %d readings, %d other Jobs%n",
                    OLD_MIGRATIONS,
                    Duration.between(began, Instant.now()).toSeconds(),
                    database.readings.get(),
                    database.runs.get());
            assertThat(database.readings.get() + database.runs.get()).isLessThan(OLD_MIGRATIONS / 10);
            migrations.awaitTarget("chat", "True/Reached");
        }
    }

    @Test
    void whatIsAppliedAndMissingFromTheLedgerIsLostAndRunsOnlyWhenAsked(ControlPlane plane) {
        var namespace = plane.createNamespace("lost");
        var client = plane.client();
        var migrations = new Migrations(client, namespace);
        var database = new FakeDatabase();
        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace));
                var jobs = StandInJobController.start(client, namespace);
                var kubelet = StandInKubelet.start(client, namespace, database)) {
            operator.start().awaitReady();

            // given a migration that was applied, and a database that has lost it
            apply(client, namespace, target("chat-db"));
            apply(client, namespace, schema("add-mood", null));
            migrations.await("SchemaMigration/add-mood", Phase.Applied);
            migrations.awaitTarget("chat", "True/Reached");
            database.applied.clear();

            // when somebody asks for a retry, then it is lost: nothing runs
            retry(client, namespace, "first");
            var message = migrations.awaitMessage("SchemaMigration/add-mood", "Lost/LedgerLost");
            assertThat(message).contains("MigrationTarget/chat", "no longer knows it", "cairn.dev/retry");
            assertThat(database.runs).hasValue(1);

            // and when the database knows it again, the next reading finds it
            database.applied.add("SchemaMigration/add-mood");
            annotateTarget(client, namespace, "again");
            migrations.await("SchemaMigration/add-mood", Phase.Applied);
            assertThat(database.runs).hasValue(1);

            // and when it is lost for good, a retry of what is Lost runs it as new
            database.applied.clear();
            annotateTarget(client, namespace, "once more");
            migrations.await("SchemaMigration/add-mood", Phase.Lost);
            retry(client, namespace, "second");
            migrations.await("SchemaMigration/add-mood", Phase.Applied);
            assertThat(database.runs).hasValue(2);
        }
    }

    @Test
    void anotherConnectionIsAskedAgainAndATargetThatCannotBeReachedSaysSo(ControlPlane plane) {
        var namespace = plane.createNamespace("moved");
        var client = plane.client();
        var migrations = new Migrations(client, namespace);
        var database = new FakeDatabase();
        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace));
                var jobs = StandInJobController.start(client, namespace);
                var kubelet = StandInKubelet.start(client, namespace, database)) {
            operator.start().awaitReady();

            // given a database that cannot be reached: the target says so, and holds nobody back
            database.unreachable.set(true);
            apply(client, namespace, target("chat-db"));
            var words = migrations.awaitTarget("chat", "False/Unreachable");
            assertThat(words).contains("MigrationTarget/chat", "no route to host", "tried again by itself");
            apply(client, namespace, schema("add-mood", null));
            migrations.await("SchemaMigration/add-mood", Phase.Applied);

            // when it can be reached, then it is Ready by itself
            database.unreachable.set(false);
            migrations.awaitTarget("chat", "True/Reached");

            // and when the connection leads elsewhere, what is Applied is asked there
            database.applied.clear();
            change(client, namespace, target("chat-db-new"));
            migrations.await("SchemaMigration/add-mood", Phase.Lost);
            migrations.awaitTarget("chat", "True/Reached");
        }
    }

    @Test
    void whatAnotherDatabaseHoldsUnderTheSameNameIsAppliedAgainOnceTheConnectionIsCorrected(ControlPlane plane) {
        var namespace = plane.createNamespace("wrong");
        var client = plane.client();
        var migrations = new Migrations(client, namespace);
        var database = new FakeDatabase();
        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace));
                var jobs = StandInJobController.start(client, namespace);
                var kubelet = StandInKubelet.start(client, namespace, database)) {
            operator.start().awaitReady();

            // given a migration that was applied
            apply(client, namespace, target("chat-db"));
            apply(client, namespace, schema("add-mood", null));
            migrations.await("SchemaMigration/add-mood", Phase.Applied);
            migrations.awaitTarget("chat", "True/Reached");

            // when the connection leads for a while to a database that holds another migration under its name
            database.others.add("SchemaMigration/add-mood");
            change(client, namespace, target("chat-db-of-others"));
            var message = migrations.awaitMessage("SchemaMigration/add-mood", "Lost/LedgerLost");
            assertThat(message)
                    .contains("MigrationTarget/chat", "holds another migration under this name", "spec.connection");

            // then it is Applied again once the connection is corrected: nobody asks for it, and nothing runs
            database.others.clear();
            change(client, namespace, target("chat-db"));
            migrations.await("SchemaMigration/add-mood", Phase.Applied);
            assertThat(database.runs).hasValue(1);
        }
    }

    @Test
    void aTargetThatLeavesNoTimeForLocksIsReadAllTheSameAndItsMigrationsNameTheField(@Own ControlPlane plane) {
        var namespace = plane.createNamespace("no-time");
        var client = plane.client();
        var migrations = new Migrations(client, namespace);
        var database = new FakeDatabase();
        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace));
                var jobs = StandInJobController.start(client, namespace);
                var kubelet = StandInKubelet.start(client, namespace, database)) {
            operator.start().awaitReady();

            // given a target from the time before the API refused it
            allowNoTimeForLocks(client);
            Awaitility.await("the changed API")
                    .atMost(Duration.ofMinutes(1))
                    .ignoreException(KubernetesClientException.class)
                    .untilAsserted(() -> apply(client, namespace, target("chat-db", "locks: {timeout: 0s}")));

            // then its ledger is read with one Job
            migrations.awaitTarget("chat", "True/Reached");
            assertThat(database.readings).hasValue(1);

            // and a migration on it fails, names the field, and goes on by itself once that is corrected
            apply(client, namespace, schema("add-mood", null));
            var message = migrations.awaitMessage("SchemaMigration/add-mood", "Failed/InvalidSpec");
            assertThat(message).contains("spec.locks.timeout of MigrationTarget/chat is 0s", "more than zero");
            change(client, namespace, target("chat-db", "locks: {timeout: 1s}"));
            migrations.await("SchemaMigration/add-mood", Phase.Applied);
        }
    }

    @Test
    void aTargetThatLeavesNoTimeForLocksIsRefusedWhenItIsApplied(ControlPlane plane) {
        var namespace = plane.createNamespace("no-time");
        assertThatThrownBy(() -> apply(plane.client(), namespace, target("chat-db", "locks: {timeout: 0m0s}")))
                .hasMessageContaining("timeout is more than zero, such as 2s");
    }

    @Test
    void aJobInThePlaceOfTheTargetsOwnSaysNothingAboutItsDatabase(ControlPlane plane) {
        var namespace = plane.createNamespace("namesake");
        var client = plane.client();
        var migrations = new Migrations(client, namespace);
        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace))) {
            operator.start().awaitReady();

            // given a Job that reads the ledger
            apply(client, namespace, target("chat-db"));
            Awaitility.await("the Job")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> !readers(client, namespace).isEmpty());
            var name = readers(client, namespace).keySet().iterator().next();

            // when somebody puts a Job of another target in its place, which has failed
            var own = client.batch().v1().jobs().inNamespace(namespace).withName(name);
            var namesake = namesake(own.require());
            own.delete();
            var failed = JobStatuses.failed(client.resource(namesake).create(), "pod-of-others");
            client.resource(failed).updateStatus();

            // then its end is not taken for an end of the target's own
            assertThat(migrations.awaitTarget("chat", "False/Unreachable"))
                    .contains("Job %s was deleted".formatted(name))
                    .doesNotContain("pod-of-others");
        }
    }

    @Test
    void theAnswerOfAPodThatTheCacheDoesNotHoldYetIsReadFromTheApiServer(ControlPlane plane) {
        var namespace = plane.createNamespace("late");
        var client = plane.client();
        var migrations = new Migrations(client, namespace);
        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace))) {
            operator.start().awaitReady();
            apply(client, namespace, target("chat-db"));
            var job = Awaitility.await("the Job that reads the ledger")
                    .until(
                            () -> client.batch().v1().jobs().inNamespace(namespace).list().getItems().stream()
                                    .findFirst(),
                            Optional::isPresent)
                    .orElseThrow();

            // when its pod has ended, which the operator does not watch, and then the Job ends
            var pod = client.resource(unwatchedPod(job)).create();
            client.resource(ended(pod, PodRun.ends(Reason.ConnectionLost, "no route to host")))
                    .patchStatus();
            client.resource(JobStatuses.failed(job, pod.getMetadata().getName()))
                    .updateStatus();

            // then the pod's answer counts
            assertThat(migrations.awaitTarget("chat", "False/Unreachable")).contains("no route to host");
        }
    }

    /** It has the Job controller's label, and none of Cairn's. */
    private static Pod unwatchedPod(Job job) {
        var meta = job.getMetadata();
        return new PodBuilder()
                .withNewMetadata()
                .withName(meta.getName())
                .withNamespace(meta.getNamespace())
                .addToLabels("batch.kubernetes.io/controller-uid", meta.getUid())
                .addToOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(job.getApiVersion())
                        .withKind(job.getKind())
                        .withName(meta.getName())
                        .withUid(meta.getUid())
                        .withController(true)
                        .build())
                .endMetadata()
                .withSpec(job.getSpec().getTemplate().getSpec())
                .build();
    }

    private static Pod ended(Pod pod, PodRun.Ends end) {
        return new PodBuilder(pod)
                .editMetadata()
                .withResourceVersion(null)
                .endMetadata()
                .withNewStatus()
                .withPhase("Failed")
                .addNewContainerStatus()
                .withName(Mounts.CONTAINER)
                .withImage("stand-in")
                .withImageID("stand-in")
                .withNewState()
                .withNewTerminated()
                .withExitCode(end.exitCode())
                .withReason("Error")
                .withMessage(requireNonNull(end.outcome()).toTerminationMessage())
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
    }

    private static Job namesake(Job job) {
        return new JobBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withNamespace(job.getMetadata().getNamespace())
                        .withName(job.getMetadata().getName())
                        .withLabels(job.getMetadata().getLabels())
                        .addNewOwnerReferenceLike(
                                job.getMetadata().getOwnerReferences().getFirst())
                        .withName("other")
                        .withUid("other")
                        .endOwnerReference()
                        .build())
                .withNewSpec()
                .withNewTemplate()
                .withNewSpec()
                .withRestartPolicy("Never")
                .addNewContainer()
                .withName("report")
                .withImage("report:1")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    @Test
    void anOperatorThatStartsAnewLooksWhetherATargetIsStillReached(ControlPlane plane) {
        var namespace = plane.createNamespace("restart");
        var client = plane.client();
        var migrations = new Migrations(client, namespace);
        var database = new FakeDatabase();
        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace));
                var jobs = StandInJobController.start(client, namespace);
                var kubelet = StandInKubelet.start(client, namespace, database)) {
            operator.start().awaitReady();
            apply(client, namespace, target("chat-db"));
            migrations.awaitTarget("chat", "True/Reached");

            // when the database is gone while no operator works
            operator.terminate();
            database.unreachable.set(true);
            operator.start().awaitReady();

            // then the target does not go on saying that it is reached
            migrations.awaitTarget("chat", "False/Unreachable");
        }
    }

    @Test
    void anOperatorThatStartsAnewSpreadsItsLooksAtTargets(ControlPlane plane) {
        var namespace = plane.createNamespace("many");
        var client = plane.client();
        var migrations = new Migrations(client, namespace);
        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace));
                var jobs = StandInJobController.start(client, namespace);
                var kubelet = StandInKubelet.start(client, namespace, new FakeDatabase())) {
            operator.start().awaitReady();

            // given twenty targets that were reached
            var names = IntStream.rangeClosed(1, 20).mapToObj(n -> "chat-" + n).toList();
            names.forEach(
                    name -> apply(client, namespace, target("chat-db").replace("name: chat}", "name: " + name + "}")));
            names.forEach(name -> migrations.awaitTarget(name, "True/Reached"));
            var before = standings(client, namespace);
            var readers = readers(client, namespace).keySet();

            // when the operator starts anew
            operator.terminate();
            operator.start().awaitReady();

            // then it reads each ledger again, but not all in the same second, and what they say stays
            Awaitility.await("a new reader for each target")
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(readers(client, namespace).keySet())
                            .hasSize(names.size())
                            .doesNotContainAnyElementsOf(readers));
            var inASecond = readers(client, namespace).values().stream()
                    .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
            System.out.println("TargetLedgerTest: readers of twenty targets by second: " + inASecond);
            assertThat(inASecond.values()).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(8));
            var after = standings(client, namespace);
            assertThat(names).allSatisfy(name -> assertThat(after.get(name)).isEqualTo(before.get(name)));
        }
    }

    /** The Jobs that read ledgers, with the second in which each was created. */
    private static Map<String, String> readers(KubernetesClient client, String namespace) {
        return client
                .batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withLabel(Labels.ROLE, Labels.LEDGER_READER)
                .list()
                .getItems()
                .stream()
                .collect(Collectors.toMap(
                        job -> job.getMetadata().getName(),
                        job -> job.getMetadata().getCreationTimestamp()));
    }

    /** The conditions of all targets. */
    private static Map<String, List<Condition>> standings(KubernetesClient client, String namespace) {
        return client.resources(MigrationTarget.class).inNamespace(namespace).list().getItems().stream()
                .collect(Collectors.toMap(
                        target -> target.getMetadata().getName(),
                        target -> target.getStatus().conditions()));
    }

    /** Takes the rule away that keeps such a target from being applied. */
    private static void allowNoTimeForLocks(KubernetesClient client) {
        client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("migrationtargets.cairn.dev")
                .edit(crd -> {
                    crd.getSpec()
                            .getVersions()
                            .getFirst()
                            .getSchema()
                            .getOpenAPIV3Schema()
                            .getProperties()
                            .get("spec")
                            .getProperties()
                            .get("locks")
                            .setXKubernetesValidations(List.of());
                    return crd;
                });
    }

    private static void awaitAll(KubernetesClient client, String namespace, Predicate<SchemaMigration> condition) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(
                                client
                                        .resources(SchemaMigration.class)
                                        .inNamespace(namespace)
                                        .list()
                                        .getItems()
                                        .stream()
                                        .filter(condition.negate())
                                        .map(migration ->
                                                migration.getMetadata().getName())
                                        .limit(5)
                                        .collect(Collectors.toSet()))
                        .isEmpty());
    }

    private static void retry(KubernetesClient client, String namespace, String value) {
        client.resources(SchemaMigration.class)
                .inNamespace(namespace)
                .withName("add-mood")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"annotations\": {\"%s\": \"%s\"}}}".formatted(Api.RETRY, value));
    }

    private static void annotateTarget(KubernetesClient client, String namespace, String value) {
        client.resources(MigrationTarget.class)
                .inNamespace(namespace)
                .withName("chat")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"annotations\": {\"%s\": \"%s\"}}}".formatted(Api.RETRY, value));
    }

    private static void apply(KubernetesClient client, String namespace, String manifest) {
        for (var object : Manifests.parse(manifest))
            client.resource(object).inNamespace(namespace).create();
    }

    /** Gives the target another spec. */
    private static void change(KubernetesClient client, String namespace, String manifest) {
        client.resources(MigrationTarget.class)
                .inNamespace(namespace)
                .withName("chat")
                .edit(found -> {
                    var changed = Serialization.unmarshal(manifest, MigrationTarget.class);
                    changed.setMetadata(found.getMetadata());
                    return changed;
                });
    }

    private static String target(String secret) {
        return target(secret, "suspend: false");
    }

    private static String target(String secret, String more) {
        return """
                apiVersion: cairn.dev/v1alpha1
                kind: MigrationTarget
                metadata: {name: chat}
                spec: {scope: chat, connection: {secretRef: {name: %s}}, %s}
                """.formatted(secret, more);
    }

    private static String schema(String name, String dependency) {
        return """
                apiVersion: cairn.dev/v1alpha1
                kind: SchemaMigration
                metadata: {name: %s}
                spec:
                  targetRef: {name: chat}
                  dependsOn: [%s]
                  steps: [{sql: SELECT 1}]
                """.formatted(name, dependency == null ? "" : "{kind: SchemaMigration, name: " + dependency + "}");
    }
}
