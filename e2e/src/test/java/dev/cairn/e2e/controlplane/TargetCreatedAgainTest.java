package dev.cairn.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Api;
import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.Phase;
import dev.cairn.crds.SchemaMigration;
import dev.cairn.e2e.Manifests;
import dev.cairn.e2e.scenario.Migrations;
import dev.cairn.operator.job.Labels;
import dev.cairn.plan.Reason;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scope and schema of a target cannot change, but the target can be deleted and created again with others. */
@OnControlPlane
class TargetCreatedAgainTest {
    private static final String MIGRATION = """
            apiVersion: cairn.dev/v1alpha1
            kind: SchemaMigration
            metadata: {name: add-mood}
            spec: {targetRef: {name: chat}, steps: [{sql: SELECT 1}]}
            """;
    private static final String NAME = "SchemaMigration/add-mood";

    @ParameterizedTest
    @ValueSource(strings = {"scope: other", "scope: chat, ledger: {schema: elsewhere}"})
    void whatWasAppliedIsLostAndRunsOnlyWhenAsked(String place, ControlPlane plane) {
        var namespace = plane.createNamespace("again");
        var client = plane.client();
        var migrations = new Migrations(client, namespace);
        var database = new FakeDatabase();
        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace));
                var jobs = StandInJobController.start(client, namespace);
                var kubelet = StandInKubelet.start(client, namespace, database)) {
            operator.start().awaitReady();

            // given a migration that was applied
            apply(client, namespace, target("scope: chat"));
            apply(client, namespace, MIGRATION);
            migrations.await(NAME, Phase.Applied);

            // when its target is created again with another place of the ledger, then nothing runs
            createAgain(client, namespace, place);
            assertThat(migrations.awaitMessage(NAME, "Lost/LedgerLost"))
                    .contains("MigrationTarget/chat was created again", "it was scope chat, schema cairn", Api.RETRY);
            assertThat(database.runs).hasValue(1);

            // and when the target is as it was, the migration is Applied again
            createAgain(client, namespace, "scope: chat");
            migrations.await(NAME, Phase.Applied);
            assertThat(database.runs).hasValue(1);

            // and a retry of what is Lost runs it as a new one
            createAgain(client, namespace, place);
            migrations.await(NAME, Phase.Lost);
            database.applied.clear();
            retry(client, namespace);
            migrations.await(NAME, Phase.Applied);
            assertThat(database.runs).hasValue(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scope: other", "scope: chat, ledger: {schema: elsewhere}"})
    void whatHasBegunStopsAndGoesOnWhereItBegan(String place, ControlPlane plane) {
        var namespace = plane.createNamespace("again");
        var client = plane.client();
        var migrations = new Migrations(client, namespace);
        var runs = new AtomicInteger();
        StandInKubelet.Script script = (migration, attempt) -> runs.incrementAndGet() == 1
                ? PodRun.ends(Reason.ConnectionLost, "no route to host")
                : new PodRun.Hangs();
        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace));
                var jobs = StandInJobController.start(client, namespace);
                var kubelet = StandInKubelet.start(client, namespace, script)) {
            operator.start().awaitReady();

            // given a migration that has begun
            apply(client, namespace, target("scope: chat"));
            apply(client, namespace, MIGRATION);
            migrations.await(
                    NAME,
                    "its first attempt",
                    found -> found.status() != null && found.status().attempts() != null);

            // when its target is created again with another place of the ledger, then it stops
            createAgain(client, namespace, place);
            assertThat(migrations.awaitMessage(NAME, "Suspended/TargetChanged"))
                    .contains("MigrationTarget/chat was created again", "Create the target as it was");
            assertThat(client.batch()
                            .v1()
                            .jobs()
                            .inNamespace(namespace)
                            .withLabel(Labels.NAME, "add-mood")
                            .list()
                            .getItems())
                    .allSatisfy(job -> assertThat(job.getSpec().getSuspend()).isTrue());

            // and when the target is as it was, it goes on by itself
            createAgain(client, namespace, "scope: chat");
            migrations.await(NAME, Phase.Running);
        }
    }

    private static void createAgain(KubernetesClient client, String namespace, String place) {
        client.resources(MigrationTarget.class)
                .inNamespace(namespace)
                .withName("chat")
                .delete();
        apply(client, namespace, target(place));
    }

    private static void retry(KubernetesClient client, String namespace) {
        client.resources(SchemaMigration.class)
                .inNamespace(namespace)
                .withName("add-mood")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"annotations\": {\"%s\": \"1\"}}}".formatted(Api.RETRY));
    }

    private static void apply(KubernetesClient client, String namespace, String manifest) {
        for (var object : Manifests.parse(manifest))
            client.resource(object).inNamespace(namespace).create();
    }

    private static String target(String place) {
        return """
                apiVersion: cairn.dev/v1alpha1
                kind: MigrationTarget
                metadata: {name: chat}
                spec: {%s, connection: {secretRef: {name: chat-db}}}
                """.formatted(place);
    }
}
