package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a migration says cannot be done: it fails once, tells where and why, and runs when it is corrected. */
@OnCluster
@Execution(ExecutionMode.CONCURRENT)
class WrongSqlTest {
    private static final String TABLE = """
            CREATE TABLE messages (id bigint PRIMARY KEY, favorite boolean NOT NULL, mood text, touched int DEFAULT 0);
            INSERT INTO messages SELECT g, g % 3 = 0 FROM generate_series(1, 2000) AS g;
            """;
    private static final String SCHEMA = "SchemaMigration/add-column";
    private static final String BACKFILL = "DataMigration/backfill";

    @Test
    void anErrorInAStepIsPlacedByStepLineAndColumn(Scenario scenario) throws Exception {
        // given a migration whose second step has a slip in its third line
        scenario.execute(TABLE);
        scenario.apply(Written.TARGET);
        scenario.apply(twoSteps("favourite"));

        // then it fails and says where, with the server's own words
        assertThat(scenario.awaitMessage(SCHEMA, "Failed/SqlError"))
                .contains(
                        "step 2, line 3, column 8",
                        "column \"favourite\" does not exist",
                        "SQLSTATE 42703",
                        "messages.favorite", // the server's hint
                        "Correct the spec");
        scenario.footprint().requires(SCHEMA, 1, 1);

        // and runs when it is corrected, from the step that failed
        scenario.apply(twoSteps("favorite"));
        scenario.await(SCHEMA, Phase.Applied);
        assertThat(scenario.value("SELECT count(*) FROM messages WHERE loved")).isEqualTo("666");
        scenario.footprint().requires(SCHEMA, 2, 2);
    }

    private static String twoSteps(String column) {
        return """
                apiVersion: cairn.dev/v1alpha1
                kind: SchemaMigration
                metadata: {name: add-column}
                spec:
                  targetRef: {name: chat}
                  steps:
                  - sql: ALTER TABLE messages ADD COLUMN loved boolean
                  - sql: |
                      UPDATE messages
                         SET loved = true
                       WHERE %s
                """.formatted(column);
    }

    @Test
    void anErrorInABackfillIsPlacedByLineAndColumn(Scenario scenario) throws Exception {
        // given a backfill with a slip in its second line
        scenario.execute(TABLE);
        scenario.apply(Written.TARGET);
        scenario.apply(touchOnce("touchd + 1"));

        // then it fails before the first batch and says where
        assertThat(scenario.awaitMessage(BACKFILL, "Failed/SqlError"))
                .contains("sql, line 2, column 18", "column \"touchd\" does not exist", "SQLSTATE 42703");
        scenario.footprint().requires(BACKFILL, 1, 1);

        // and runs over every row once when it is corrected
        scenario.apply(touchOnce("touched + 1"));
        scenario.await(BACKFILL, Phase.Applied);
        assertEveryRowIsTouchedOnce(scenario);
    }

    @Test
    void anErrorInTheMiddleKeepsWhatIsDoneAndGoesOnFromThere(Scenario scenario) throws Exception {
        // given a backfill that stumbles over one row far from the start
        scenario.execute(TABLE);
        scenario.apply(Written.TARGET);
        scenario.apply(touchOnce("touched + 1 / (m.id - 1500)::int * 0 + 1"));

        // then it fails at that batch, and the batches before it stay done
        assertThat(scenario.awaitMessage(BACKFILL, "Failed/SqlError")).contains("division by zero", "SQLSTATE 22012");
        assertThat(scenario.value("SELECT max(id) FROM messages WHERE touched = 1"))
                .isNotNull()
                .satisfies(id -> assertThat(Long.parseLong(id)).isBetween(500L, 1499L));
        scenario.footprint().requires(BACKFILL, 1, 1);

        // and the corrected statement does the rows that are left
        scenario.apply(touchOnce("touched + 1"));
        scenario.await(BACKFILL, Phase.Applied);
        assertEveryRowIsTouchedOnce(scenario);
    }

    private static String touchOnce(String expression) {
        return Written.backfill("backfill", """
                        UPDATE messages m
                           SET touched = %s
                         WHERE :batch
                        """.formatted(expression), """
                        over: {table: messages, as: m}
                        pace: {batchSize: {initial: 100, min: 100, max: 200}}
                        """);
    }

    private static void assertEveryRowIsTouchedOnce(Scenario scenario) throws Exception {
        assertThat(scenario.value("SELECT count(*) FROM messages WHERE touched = 1"))
                .isEqualTo("2000");
        scenario.footprint().requires(BACKFILL, 2, 2);
    }

    @Test
    void whatVerifyDoesNotConfirmFailsAndStays(Scenario scenario) throws Exception {
        // given a backfill that leaves rows out, and a query that notices
        scenario.execute(TABLE);
        scenario.apply(Written.TARGET);
        scenario.apply(moods("favorite AND mood IS NULL"));

        // then it says that verify is why, and keeps what it wrote
        assertThat(scenario.awaitMessage(BACKFILL, "Failed/VerifyFailed"))
                .contains("verify returned false instead of true", "stay changed", "correct");
        assertThat(scenario.value("SELECT count(*) FROM messages WHERE mood = 'loved'"))
                .isEqualTo("666");
        scenario.footprint().requires(BACKFILL, 1, 1);

        // and walks again when it is corrected
        scenario.apply(moods("mood IS NULL"));
        scenario.await(BACKFILL, Phase.Applied);
        assertThat(scenario.value("SELECT count(*) FROM messages WHERE mood IS NULL"))
                .isEqualTo("0");
    }

    private static String moods(String condition) {
        return Written.backfill(
                "backfill",
                "UPDATE messages SET mood = CASE WHEN favorite THEN 'loved' ELSE 'neutral' END WHERE %s AND :batch"
                        .formatted(condition),
                """
                        over: {table: messages}
                        verify: SELECT NOT EXISTS (SELECT FROM messages WHERE mood IS NULL)
                        """);
    }

    @Test
    void aTableWithoutAPrimaryKeyIsRefusedWithTheKeysThatWouldDo(Scenario scenario) throws Exception {
        // given a table with a unique index and no primary key, and one that has neither
        scenario.execute("""
                CREATE TABLE pages (slug text NOT NULL, nick text, touched int DEFAULT 0);
                CREATE UNIQUE INDEX pages_by_slug ON pages (slug);
                CREATE UNIQUE INDEX pages_by_nick ON pages (nick);
                CREATE TABLE heap (touched int);
                INSERT INTO pages SELECT 'page-' || g FROM generate_series(1, 500) AS g;
                """);
        scenario.apply(Written.TARGET);
        var touch = "UPDATE %s SET touched = touched + 1 WHERE :batch";
        scenario.apply(Written.backfill("backfill", touch.formatted("pages"), "over: {table: pages}"));
        scenario.apply(Written.backfill("hopeless", touch.formatted("heap"), "over: {table: heap}"));

        // then each says what is wrong, and the first also what to write
        assertThat(scenario.awaitMessage(BACKFILL, "Failed/InvalidSpec"))
                .contains("public.pages has no primary key", "over.key", "candidates: pages_by_slug (slug)")
                .doesNotContain("pages_by_nick");
        assertThat(scenario.awaitMessage("DataMigration/hopeless", "Failed/InvalidSpec"))
                .contains("public.heap has no primary key", "no candidate", "unique btree index", "NOT NULL");
        scenario.footprint().requires(BACKFILL, 1, 1);

        // and runs when the key is named
        scenario.apply(Written.backfill("backfill", touch.formatted("pages"), "over: {table: pages, key: [slug]}"));
        scenario.await(BACKFILL, Phase.Applied);
        assertThat(scenario.value("SELECT count(*) FROM pages WHERE touched = 1"))
                .isEqualTo("500");
    }

    @Test
    void aFailedMigrationRunsAgainAsItIsWhenAskedTo(Scenario scenario) throws Exception {
        // given a backfill of a table that does not exist
        scenario.apply(Written.TARGET);
        scenario.apply(touchOnce("touched + 1"));
        assertThat(scenario.awaitMessage(BACKFILL, "Failed/InvalidSpec"))
                .contains("table messages does not exist in the target database", "create it first", "cairn.dev/retry");
        scenario.footprint().requires(BACKFILL, 1, 1);

        // when the table is made, and the annotation that the message speaks of is set
        scenario.execute(TABLE);
        var answer = scenario.kubectl().run("annotate", "dmig", "backfill", "cairn.dev/retry=1", "--overwrite");
        assertThat(answer.refused()).as(answer.text()).isFalse();

        // then it runs
        scenario.await(BACKFILL, Phase.Applied);
        assertEveryRowIsTouchedOnce(scenario);
    }
}
