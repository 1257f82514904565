package dev.cairn.e2e.controlplane;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        var database = new FakeDatabase();
        IntStream.rangeClosed(1, OLD_MIGRATIONS).forEach(n -> database.applied.add("SchemaMigration/old-" + n));
        try (var place = StandInNamespace.open(plane, "old-database", database)) {
            // when a target and five hundred migrations are applied, one after the other
            var began = Instant.now();
            place.apply(target("chat-db"));
            IntStream.rangeClosed(1, OLD_MIGRATIONS)
                    .forEach(n -> place.apply(schema("old-" + n, n == 1 ? null : "old-" + (n - 1))));

            // then all are applied already, and it took a few Jobs
            awaitAll(
                    place.client(),
                    place.namespace(),
                    migration -> migration.getStatus() != null
                            && "AlreadyApplied".equals(migration.getStatus().reason()));
            System.out.printf(
                    "TargetLedgerTest: %d migrations AlreadyApplied after %d s, %d readings, %d other Jobs%n",
                    OLD_MIGRATIONS,
                    Duration.between(began, Instant.now()).toSeconds(),
                    database.readings.get(),
                    database.runs.get());
            assertThat(database.readings.get() + database.runs.get()).isLessThan(OLD_MIGRATIONS / 10);
            place.migrations().awaitTarget("chat", "True/Reached");
        }
    }

    @Test
    void whatIsAppliedAndMissingFromTheLedgerIsLostAndRunsOnlyWhenAsked(ControlPlane plane) {
        var database = new FakeDatabase();
        try (var place = StandInNamespace.open(plane, "lost", database)) {
            // given a migration that was applied, and a database that has lost it
            place.apply(target("chat-db"));
            place.apply(schema("add-mood", null));
            place.migrations().await("SchemaMigration/add-mood", Phase.Applied);
            place.migrations().awaitTarget("chat", "True/Reached");
            database.applied.clear();

            // when somebody asks for a retry, then it is lost: nothing runs
            place.retry("SchemaMigration/add-mood", "first");
            var message = place.migrations().awaitMessage("SchemaMigration/add-mood", "Lost/LedgerLost");
            assertThat(message).contains("MigrationTarget/chat", "no longer knows it", "cairn.dev/retry");
            assertThat(database.runs).hasValue(1);

            // and when the database knows it again, the next reading finds it
            database.applied.add("SchemaMigration/add-mood");
            place.retry("MigrationTarget/chat", "again");
            place.migrations().await("SchemaMigration/add-mood", Phase.Applied);
            assertThat(database.runs).hasValue(1);

            // and when it is lost for good, a retry of what is Lost runs it as new
            database.applied.clear();
            place.retry("MigrationTarget/chat", "once more");
            place.migrations().await("SchemaMigration/add-mood", Phase.Lost);
            place.retry("SchemaMigration/add-mood", "second");
            place.migrations().await("SchemaMigration/add-mood", Phase.Applied);
            assertThat(database.runs).hasValue(2);
        }
    }

    @Test
    void anotherConnectionIsAskedAgainAndATargetThatCannotBeReachedSaysSo(ControlPlane plane) {
        var database = new FakeDatabase();
        try (var place = StandInNamespace.open(plane, "moved", database)) {
            // given a database that cannot be reached: the target says so, and holds nobody back
            database.unreachable.set(true);
            place.apply(target("chat-db"));
            var words = place.migrations().awaitTarget("chat", "False/Unreachable");
            assertThat(words).contains("MigrationTarget/chat", "no route to host", "tried again by itself");
            place.apply(schema("add-mood", null));
            place.migrations().await("SchemaMigration/add-mood", Phase.Applied);

            // when it can be reached, then it is Ready by itself
            database.unreachable.set(false);
            place.migrations().awaitTarget("chat", "True/Reached");

            // and when the connection leads elsewhere, what is Applied is asked there
            database.applied.clear();
            place.apply(target("chat-db-new"));
            place.migrations().await("SchemaMigration/add-mood", Phase.Lost);
            place.migrations().awaitTarget("chat", "True/Reached");
        }
    }

    @Test
    void whatAnotherDatabaseHoldsUnderTheSameNameIsAppliedAgainOnceTheConnectionIsCorrected(ControlPlane plane) {
        var database = new FakeDatabase();
        try (var place = StandInNamespace.open(plane, "wrong", database)) {
            // given a migration that was applied
            place.apply(target("chat-db"));
            place.apply(schema("add-mood", null));
            place.migrations().await("SchemaMigration/add-mood", Phase.Applied);
            place.migrations().awaitTarget("chat", "True/Reached");

            // when the connection leads for a while to a database that holds another migration under its name
            database.others.add("SchemaMigration/add-mood");
            place.apply(target("chat-db-of-others"));
            var message = place.migrations().awaitMessage("SchemaMigration/add-mood", "Lost/LedgerLost");
            assertThat(message)
                    .contains("MigrationTarget/chat", "holds another migration under this name", "spec.connection");

            // then it is Applied again once the connection is corrected: nobody asks for it, and nothing runs
            database.others.clear();
            place.apply(target("chat-db"));
            place.migrations().await("SchemaMigration/add-mood", Phase.Applied);
            assertThat(database.runs).hasValue(1);
        }
    }

    @Test
    void aTargetThatLeavesNoTimeForLocksIsReadAllTheSameAndItsMigrationsNameTheField(@Own ControlPlane plane) {
        var database = new FakeDatabase();
        try (var place = StandInNamespace.open(plane, "no-time", database)) {
            // given a target from the time before the API refused it
            allowNoTimeForLocks(place.client());
            Awaitility.await("the changed API")
                    .atMost(Duration.ofMinutes(1))
                    .ignoreException(KubernetesClientException.class)
                    .untilAsserted(() -> place.apply(target("chat-db", "locks: {timeout: 0s}")));

            // then its ledger is read with one Job
            place.migrations().awaitTarget("chat", "True/Reached");
            assertThat(database.readings).hasValue(1);

            // and a migration on it fails, names the field, and goes on by itself once that is corrected
            place.apply(schema("add-mood", null));
            var message = place.migrations().awaitMessage("SchemaMigration/add-mood", "Failed/InvalidSpec");
            assertThat(message).contains("spec.locks.timeout of MigrationTarget/chat is 0s", "more than zero");
            place.apply(target("chat-db", "locks: {timeout: 1s}"));
            place.migrations().await("SchemaMigration/add-mood", Phase.Applied);
        }
    }

    @Test
    void aTargetThatLeavesNoTimeForLocksIsRefusedWhenItIsApplied(ControlPlane plane) {
        var namespace = plane.createNamespace("no-time");
        assertThatThrownBy(
                        () -> Manifests.apply(plane.client(), namespace, target("chat-db", "locks: {timeout: 0m0s}")))
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
            Manifests.apply(client, namespace, target("chat-db"));
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
            Manifests.apply(client, namespace, target("chat-db"));
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
        var database = new FakeDatabase();
        try (var place = StandInNamespace.open(plane, "restart", database)) {
            place.apply(target("chat-db"));
            place.migrations().awaitTarget("chat", "True/Reached");

            // when the database is gone while no operator works
            place.operator().terminate();
            database.unreachable.set(true);
            place.operator().start().awaitReady();

            // then the target does not go on saying that it is reached
            place.migrations().awaitTarget("chat", "False/Unreachable");
        }
    }

    @Test
    void anOperatorThatStartsAnewSpreadsItsLooksAtTargets(ControlPlane plane) {
        try (var place = StandInNamespace.open(plane, "many", new FakeDatabase())) {
            // given twenty targets that were reached
            var names = IntStream.rangeClosed(1, 20).mapToObj(n -> "chat-" + n).toList();
            names.forEach(name -> place.apply(target("chat-db").replace("name: chat}", "name: " + name + "}")));
            names.forEach(name -> place.migrations().awaitTarget(name, "True/Reached"));
            var before = standings(place.client(), place.namespace());
            var readers = readers(place.client(), place.namespace()).keySet();

            // when the operator starts anew
            place.operator().terminate();
            place.operator().start().awaitReady();

            // then it reads each ledger again, but not all in the same second, and what they say stays
            Awaitility.await("a new reader for each target")
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(
                                    readers(place.client(), place.namespace()).keySet())
                            .hasSize(names.size())
                            .doesNotContainAnyElementsOf(readers));
            var inASecond = readers(place.client(), place.namespace()).values().stream()
                    .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
            System.out.println("TargetLedgerTest: readers of twenty targets by second: " + inASecond);
            assertThat(inASecond.values()).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(8));
            var after = standings(place.client(), place.namespace());
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
