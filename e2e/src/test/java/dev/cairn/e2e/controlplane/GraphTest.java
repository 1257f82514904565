package dev.cairn.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import dev.cairn.e2e.Manifests;
import dev.cairn.e2e.scenario.Migrations;
import dev.cairn.plan.Reason;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A graph of migrations, with the API server as it is and Jobs that only seem to run. */
@OnControlPlane
class GraphTest {
    private static final String GRAPH = """
            apiVersion: cairn.dev/v1alpha1
            kind: SchemaMigration
            metadata: {name: contract}
            spec:
              targetRef: {name: chat}
              dependsOn: [{kind: DataMigration, name: backfill}]
              steps: [{sql: ALTER TABLE messages DROP COLUMN favorite}]
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: DataMigration
            metadata: {name: backfill}
            spec:
              targetRef: {name: chat}
              dependsOn: [{kind: SchemaMigration, name: expand}]
              over: {table: messages, as: m}
              sql: UPDATE messages m SET mood = 'calm' WHERE :batch
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: SchemaMigration
            metadata: {name: expand}
            spec:
              targetRef: {name: chat}
              steps: [{sql: ALTER TABLE messages ADD COLUMN mood text}]
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: MigrationTarget
            metadata: {name: chat}
            spec: {scope: chat, connection: {secretRef: {name: chat-db-app}}}
            """;

    @Test
    void threeMigrationsRunInTheOrderOfTheirDependenciesWhateverTheOrderInWhichTheyAreApplied(ControlPlane plane) {
        var namespace = plane.createNamespace("graph");
        var migrations = new Migrations(plane.client(), namespace);
        List<String> ran = new CopyOnWriteArrayList<>();
        StandInKubelet.Script script = (migration, attempt) -> {
            ran.add(migration + " " + attempt);
            boolean lacksMemory = migration.equals("DataMigration/backfill") && attempt == 1;
            return lacksMemory ? PodRun.ends(Reason.ServerFault, "out of memory") : PodRun.applied();
        };
        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace));
                var jobs = StandInJobController.start(plane.client(), namespace);
                var kubelet = StandInKubelet.start(plane.client(), namespace, script)) {
            // given an operator, and a Job controller and a kubelet of which the second migration's first pod fails
            operator.start().awaitReady();

            // when three migrations are applied, the last one first
            Manifests.parse(GRAPH)
                    .forEach(object -> plane.client()
                            .resource(object)
                            .inNamespace(namespace)
                            .create());

            // then each ran after the one before it, and the one that failed ran twice
            migrations.await("SchemaMigration/contract", Phase.Applied);
            assertThat(ran)
                    .containsExactly(
                            "SchemaMigration/expand 1",
                            "DataMigration/backfill 1",
                            "DataMigration/backfill 2",
                            "SchemaMigration/contract 1");
        }
    }
}
