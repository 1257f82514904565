package dev.cairn.runner.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A walk over the keys that a query gives. */
class OverQueryTest {
    private final TestDatabase database = TestDatabase.create();
    private final RunnerFolder folder = new RunnerFolder(database);

    @AfterEach
    void close() {
        database.close();
    }

    private Outcome run(String query, String sql) {
        return folder.pace(new Settings.Pace(60_000, 7, 7, 7, null, 2, Settings.Order.Measured))
                .plan(
                        new Work.Backfill(new Work.Over("t", List.of(), null, query), sql, null),
                        MigrationKind.DataMigration)
                .run();
    }

    @Test
    void onlyTheRowsOfTheListAreChanged() {
        // given few rows of many, some of them given twice, one without a row and a null
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT generate_series(1, 5000)");
        var outcome = run(
                "SELECT id FROM t WHERE id % 100 = 0 UNION ALL SELECT 100 UNION ALL SELECT null UNION ALL SELECT 9999 -- odd",
                "UPDATE t SET n = n + 1 WHERE :batch");

        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n ORDER BY n"))
                .containsExactly("0: 4950", "1: 50");
        assertThat(outcome.progress().rows()).isEqualTo(50);
        assertThat(outcome.progress().estimatedRows()).isEqualTo(51);
        assertThat(database.query("SELECT rows FROM cairn.range WHERE batches > ceil(walked / 7.0)"))
                .isEmpty();

        // and the list goes with the walk
        assertThat(database.value("SELECT count(*) FROM cairn.listed")).isEqualTo("0");
    }

    @Test
    void theListIsFrozenWhenTheWalkBegins() {
        // given a walk that fails in the middle
        database.execute(
                "CREATE TABLE t (a text, b int, n int NOT NULL DEFAULT 0, PRIMARY KEY (a, b))",
                "INSERT INTO t SELECT 'a' || g % 10, g FROM generate_series(1, 200) g",
                "ALTER TABLE t ADD CONSTRAINT limited CHECK (b <> 111 OR n = 0)");
        var query = "SELECT a, b FROM t WHERE n = 0 AND b > 100";
        assertThat(run(query, "UPDATE t SET n = n + 1 WHERE :batch").message()).contains("in the row (a1, 111)");

        // when other rows would be given now
        database.execute("ALTER TABLE t DROP CONSTRAINT limited", "INSERT INTO t VALUES ('new', 1000)");
        var outcome = folder.run();

        // then it is still the first answer that is walked
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n ORDER BY n"))
                .containsExactly("0: 101", "1: 100");
    }

    @Test
    void aQueryThatCannotGiveKeysSaysWhich() {
        database.execute("CREATE TABLE t (id bigint PRIMARY KEY, n int)");
        var wrong = run("SELECT 'x'", "UPDATE t SET n = 1 WHERE :batch");
        assertThat(wrong.reason()).isEqualTo(Reason.InvalidSpec);
        assertThat(wrong.message())
                .isEqualTo("over.query: its column 1 is text, and id is bigint: cast it there to CAST(… AS bigint)");
        assertThat(run("SELECT 1.5", "UPDATE t SET n = 1 WHERE :batch").reason())
                .isEqualTo(Reason.InvalidSpec);
        var unknown = run("SELECT nothing FROM t", "UPDATE t SET n = 1 WHERE :batch");
        assertThat(unknown.sqlState()).isEqualTo("42703");
        assertThat(unknown.message()).startsWith("over.query (it gives the key's columns: id): ");
        assertThat(run("SELECT 1, 2", "UPDATE t SET n = 1 WHERE :batch").message())
                .isEqualTo(
                        "over.query: it gives 2 columns, and the key has 1 (id): give the key's columns in its order");
        assertThat(run("SELECT 1; SELECT 2", "UPDATE t SET n = 1 WHERE :batch").reason())
                .isEqualTo(Reason.InvalidSpec);
    }

    @Test
    void aListInAnotherCollationLosesNoRow() {
        // given keys ordered by bytes, and a query whose texts have a language's order: a, B, c there, B, a, c here
        database.execute(
                "CREATE COLLATION words (provider = icu, locale = 'en')",
                "CREATE TABLE t (slug text COLLATE \"C\", n int, done int NOT NULL DEFAULT 0, PRIMARY KEY (slug, n))",
                "CREATE TABLE chosen (slug text COLLATE words, n int)",
                "INSERT INTO t SELECT s, g FROM unnest('{a,B,c,D,e,F}'::text[]) s, generate_series(1, 5) g",
                "INSERT INTO chosen SELECT slug, n FROM t");
        var outcome = run("SELECT slug, n FROM chosen", "UPDATE t SET done = done + 1 WHERE :batch");
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT done || ': ' || count(*) FROM t GROUP BY done"))
                .containsExactly("1: 30");
    }

    @Test
    void noKeysAreDoneAtOnce() {
        database.execute("CREATE TABLE t (id bigint PRIMARY KEY, n int)", "INSERT INTO t VALUES (1, 0)");
        assertThat(run("SELECT id FROM t WHERE false", "UPDATE t SET n = 1 WHERE :batch")
                        .reason())
                .isEqualTo(Reason.Applied);
        assertThat(database.value("SELECT n FROM t")).isEqualTo("0");
    }
}
