package dev.cairn.e2e.controlplane;

import static dev.cairn.e2e.controlplane.StandInNamespace.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** kustomize gives a ConfigMap another name with each change of its contents. */
@OnControlPlane
class RenamedSourceTest {
    private static final String FILES = "SchemaMigration/files";

    @Test
    void stepsFromMayNameAnotherConfigMapAfterTheMigrationRan(ControlPlane plane) {
        List<String> ran = new CopyOnWriteArrayList<>();
        StandInKubelet.Script script = (migration, attempt) -> {
            ran.add(migration);
            return PodRun.applied();
        };
        try (var place = StandInNamespace.open(plane, "renamed", script)) {
            // given a migration that ran from a ConfigMap
            place.apply(TARGET, source("sql-1a", "1.sql"), migration("sql-1a"));
            place.migrations().await(FILES, Phase.Applied);
            var before = place.migrations().await(FILES, Phase.Applied).status().planHash();

            // when the same steps come under another name, then the API server takes it and nothing runs
            place.apply(source("sql-2b", "1.sql"), migration("sql-2b"));
            place.migrations()
                    .await(
                            FILES,
                            "the new generation",
                            found -> found.status() != null
                                    && found.status().observedGeneration()
                                            == found.getMetadata().getGeneration());
            assertThat(place.migrations().await(FILES, Phase.Applied).status().planHash())
                    .isEqualTo(before);
            assertThat(ran).hasSize(1);

            // when a step is added under a third name, then the migration runs again with it
            place.apply(source("sql-3c", "1.sql", "2.sql"), migration("sql-3c"));
            place.migrations()
                    .await(
                            FILES,
                            "another plan",
                            found -> found.status() != null
                                    && found.status().phase() == Phase.Applied
                                    && !before.equals(found.status().planHash()));
            assertThat(ran).hasSize(2);
        }
    }

    private static String source(String name, String... keys) {
        var data = new StringBuilder();
        for (var key : keys) data.append("  ").append(key).append(": SELECT 1\n");
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\ndata:\n%s".formatted(name, data);
    }

    private static String migration(String configMap) {
        return """
                apiVersion: cairn.dev/v1alpha1
                kind: SchemaMigration
                metadata: {name: files}
                spec:
                  targetRef: {name: chat}
                  stepsFrom: [{configMapRef: {name: %s}}]
                """.formatted(configMap);
    }
}
