package dev.cairn.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
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
        List<String> ran = new CopyOnWriteArrayList<>();
        StandInKubelet.Script script = (migration, attempt) -> {
            ran.add(migration + " " + attempt);
            boolean lacksMemory = migration.equals("DataMigration/backfill") && attempt == 1;
            return lacksMemory ? PodRun.ends(Reason.ServerFault, "out of memory") : PodRun.applied();
        };
        // given a cluster in which the second migration's first pod fails
        try (var place = StandInNamespace.open(plane, "graph", script)) {
            // when three migrations are applied, the last one first
            place.apply(GRAPH);

            // then each ran after the one before it, and the one that failed ran twice
            place.migrations().await("SchemaMigration/contract", Phase.Applied);
            assertThat(ran)
                    .containsExactly(
                            "SchemaMigration/expand 1",
                            "DataMigration/backfill 1",
                            "DataMigration/backfill 2",
                            "SchemaMigration/contract 1");
        }
    }
}
