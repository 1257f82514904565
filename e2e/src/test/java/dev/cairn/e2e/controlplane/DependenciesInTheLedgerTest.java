package dev.cairn.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import dev.cairn.e2e.Manifests;
import dev.cairn.e2e.scenario.Migrations;
import dev.cairn.operator.job.Names;
import dev.cairn.plan.Identity;
import dev.cairn.plan.Json;
import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import org.junit.jupiter.api.Test;

/** What a migration depends on reaches its runner, and what the runner misses in the ledger reaches the status. */
@OnControlPlane
class DependenciesInTheLedgerTest {
    private static final String GRAPH = """
            apiVersion: cairn.dev/v1alpha1
            kind: MigrationTarget
            metadata: {name: chat}
            spec: {scope: chat-scope, connection: {secretRef: {name: chat-db-app}}}
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: DataMigration
            metadata: {name: backfill}
            spec:
              targetRef: {name: chat}
              over: {table: messages, as: m}
              sql: UPDATE messages m SET mood = 'calm' WHERE :batch
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: SchemaMigration
            metadata: {name: contract}
            spec:
              targetRef: {name: chat}
              dependsOn: [{kind: DataMigration, name: backfill}]
              steps: [{sql: ALTER TABLE messages DROP COLUMN favorite}]
            """;

    @Test
    void theRunnerIsGivenTheDependenciesAndItsRefusalEndsTheMigration(ControlPlane plane) {
        var namespace = plane.createNamespace("ledger");
        var migrations = new Migrations(plane.client(), namespace);
        StandInKubelet.Script script = (migration, attempt) -> migration.equals("SchemaMigration/contract")
                ? PodRun.ends(Reason.DependencyLost, "the ledger does not have DataMigration/backfill as applied")
                : PodRun.applied();
        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace));
                var jobs = StandInJobController.start(plane.client(), namespace);
                var kubelet = StandInKubelet.start(plane.client(), namespace, script)) {
            operator.start().awaitReady();

            // when a migration starts whose dependency the cluster has as applied, and the database has not
            Manifests.parse(GRAPH)
                    .forEach(object -> plane.client()
                            .resource(object)
                            .inNamespace(namespace)
                            .create());

            // then it fails for good, and says so
            var failed = migrations.await("SchemaMigration/contract", Phase.Failed);
            assertThat(failed.status().reason()).isEqualTo("DependencyLost");
            assertThat(Migrations.message(failed))
                    .contains("does not have DataMigration/backfill as applied")
                    .contains("Then set the annotation cairn.dev/retry of this migration to a new value.");

            // and its runner was given the dependency's identity, under its target's scope
            var job = plane.client().batch().v1().jobs().inNamespace(namespace).list().getItems().stream()
                    .map(found -> found.getMetadata().getName())
                    .filter(name -> name.startsWith("smig-"))
                    .findFirst()
                    .orElseThrow();
            var files = plane.client()
                    .configMaps()
                    .inNamespace(namespace)
                    .withName(Names.settings(job))
                    .get();
            var settings = Json.read(files.getData().get(Mounts.SETTINGS_FILE), Settings.class);
            assertThat(settings.dependsOn())
                    .containsExactly(new Identity("chat-scope", MigrationKind.DataMigration, "backfill"));
        }
    }
}
