package dev.cairn.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
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
        StandInKubelet.Script script = (migration, attempt) -> migration.equals("SchemaMigration/contract")
                ? PodRun.ends(Reason.DependencyLost, "the ledger does not have DataMigration/backfill as applied")
                : PodRun.applied();
        try (var place = StandInNamespace.open(plane, "ledger", script)) {
            // when a migration starts whose dependency the cluster has as applied, and the database has not
            place.apply(GRAPH);

            // then it fails for good, and says so
            var failed = place.migrations().await("SchemaMigration/contract", Phase.Failed);
            assertThat(failed.status().reason()).isEqualTo("DependencyLost");
            assertThat(Migrations.message(failed))
                    .contains("does not have DataMigration/backfill as applied")
                    .contains("Then set the annotation cairn.dev/retry of this migration to a new value.");

            // and its runner was given the dependency's identity, under its target's scope
            var job = place.client().batch().v1().jobs().inNamespace(place.namespace()).list().getItems().stream()
                    .map(found -> found.getMetadata().getName())
                    .filter(name -> name.startsWith("smig-"))
                    .findFirst()
                    .orElseThrow();
            var files = place.client()
                    .configMaps()
                    .inNamespace(place.namespace())
                    .withName(Names.settings(job))
                    .get();
            var settings = Json.read(files.getData().get(Mounts.SETTINGS_FILE), Settings.class);
            assertThat(settings.dependsOn())
                    .containsExactly(new Identity("chat-scope", MigrationKind.DataMigration, "backfill"));
        }
    }
}
