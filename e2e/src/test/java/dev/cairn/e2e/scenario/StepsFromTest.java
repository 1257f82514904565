package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Steps from the files of a ConfigMap, as many teams keep them. */
@OnCluster
class StepsFromTest {
    static final String FILES = "SchemaMigration/files";
    static final String FROM_CONFIG_MAP = """
            apiVersion: cairn.dev/v1alpha1
            kind: SchemaMigration
            metadata: {name: files}
            spec:
              targetRef: {name: chat}
              stepsFrom:
              - configMapRef: {name: chat-sql}
            """;

    private static final String[] THREE = {
        // Each needs the one before it, and the alphabet would have them in another order.
        "10_third.sql", "INSERT INTO moods (name, emoji) VALUES ('loved', 'heart')",
        "9_second.sql", "ALTER TABLE moods ADD COLUMN emoji text",
        "1_first.sql", "CREATE TABLE moods (name text PRIMARY KEY)",
        "README.md", "not a step"
    };

    @Test
    void stepsRunInVersionOrderAndMayGrowAtTheEndButNotChange(Scenario scenario) throws Exception {
        // given files whose names sort otherwise as text
        scenario.apply(Written.TARGET);
        scenario.apply(Written.configMap("chat-sql", THREE));

        // when they are applied, then they ran in version order
        scenario.apply(FROM_CONFIG_MAP);
        scenario.await(FILES, Phase.Applied);
        assertThat(scenario.value("SELECT emoji FROM moods WHERE name = 'loved'"))
                .isEqualTo("heart");
        assertThat(shownProgress(scenario)).isEqualTo("3/3 steps");

        // and one more file at the end runs by itself
        scenario.apply(Written.configMap(
                "chat-sql", with(THREE, "11_fourth.sql", "INSERT INTO moods (name) VALUES ('neutral')")));
        scenario.await(
                FILES,
                "four steps",
                found -> found.status() != null
                        && found.status().phase() == Phase.Applied
                        && found.status().display() != null
                        && "4/4 steps".equals(found.status().display().progress()));
        assertThat(scenario.value("SELECT count(*) FROM moods")).isEqualTo("2");

        // but a step that ran cannot become another one, and the message names it
        var changed = THREE.clone();
        changed[3] = "ALTER TABLE moods ADD COLUMN sound text";
        scenario.apply(Written.configMap(
                "chat-sql", with(changed, "11_fourth.sql", "INSERT INTO moods (name) VALUES ('neutral')")));
        assertThat(scenario.awaitMessage(FILES, "Failed/ChecksumMismatch"))
                .contains("9_second.sql", "was applied", "restore it", "new migration");
        assertThat(scenario.footprint().jobs(FILES)).isEqualTo(3);

        // and is as it was when the file is restored
        scenario.apply(Written.configMap(
                "chat-sql", with(THREE, "11_fourth.sql", "INSERT INTO moods (name) VALUES ('neutral')")));
        scenario.awaitMessage(FILES, "Applied/AlreadyApplied");
        assertThat(shownProgress(scenario)).isEqualTo("4/4 steps");
        assertThat(scenario.value("SELECT count(*) FROM moods")).isEqualTo("2");
    }

    private static String shownProgress(Scenario scenario) {
        return scenario.await(FILES, Phase.Applied).status().display().progress();
    }

    private static String[] with(String[] files, String name, String sql) {
        var more = Arrays.copyOf(files, files.length + 2);
        more[files.length] = name;
        more[files.length + 1] = sql;
        return more;
    }
}
