package dev.cairn.runner.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Any one statement that the placeholder confines does its work once for each row; others are refused. */
class StatementsTest {
    private final TestDatabase database = TestDatabase.create();
    private final RunnerFolder folder = new RunnerFolder(database);

    @BeforeEach
    void tables() {
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0,"
                        + " doubled int GENERATED ALWAYS AS (n * 2) STORED)",
                "INSERT INTO t SELECT generate_series(1, 1000)",
                "CREATE TABLE copy (id bigint, n int)",
                "CREATE TABLE source (id bigint, n int)",
                "CREATE TABLE counter AS SELECT 0 AS n",
                "INSERT INTO source SELECT g, 5 FROM generate_series(501, 1500) g",
                "CREATE FUNCTION bump(k bigint) RETURNS void LANGUAGE sql AS 'UPDATE t SET n = n + 1 WHERE id = k'");
        folder.pace(new Settings.Pace(60_000, 100, 100, 100, null, 1, Settings.Order.Measured));
    }

    @AfterEach
    void close() {
        database.close();
    }

    /**
     * A statement and what has to be true after it.
     *
     * @param version of PostgreSQL that has it
     */
    record Case(String name, int version, String sql, String check) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "UPDATE with a generated column",
                        14,
                        "UPDATE t SET n = n + 1 WHERE :batch",
                        "SELECT bool_and(n = 1 AND doubled = 2) FROM t"),
                new Case(
                        "UPDATE of another table",
                        14,
                        "UPDATE source s SET n = s.n + 1 FROM t WHERE t.id = s.id AND :batch",
                        "SELECT bool_and(n = CASE WHEN id <= 1000 THEN 6 ELSE 5 END) FROM source"),
                new Case(
                        "INSERT SELECT",
                        14,
                        "INSERT INTO copy SELECT id, n + 1 FROM t WHERE :batch",
                        "SELECT count(*) = 1000 AND count(DISTINCT id) = 1000 FROM copy"),
                new Case(
                        "INSERT SELECT with a subquery of its own and a list",
                        14,
                        "WITH l AS MATERIALIZED (SELECT max(id) AS top FROM source) INSERT INTO copy"
                                + " SELECT t.id, l.top - (SELECT min(id) FROM source) FROM t, l WHERE :batch",
                        "SELECT count(*) = 1000 AND bool_and(n = 999) FROM copy"),
                new Case(
                        "UPDATE by what an aggregate makes of the batch",
                        14,
                        "UPDATE counter SET n = counter.n + b.n FROM (SELECT count(*) AS n FROM t WHERE :batch) b",
                        "SELECT n = 1000 FROM counter"),
                new Case(
                        "INSERT SELECT EXCEPT",
                        14,
                        "INSERT INTO copy SELECT id, 0 FROM t WHERE :batch EXCEPT SELECT id, 0 FROM source",
                        "SELECT count(*) = 500 AND max(id) = 500 FROM copy"),
                new Case(
                        "INSERT SELECT INTERSECT",
                        14,
                        "INSERT INTO copy SELECT id, 0 FROM source INTERSECT SELECT id, 0 FROM t WHERE :batch",
                        "SELECT count(*) = 500 AND min(id) = 501 FROM copy"),
                new Case(
                        "UPDATE of rows that a list of the batch names",
                        14,
                        "UPDATE source SET n = n + 1 WHERE id IN (SELECT id FROM t WHERE :batch)",
                        "SELECT sum(n) = 5500 FROM source"),
                new Case("DELETE", 14, "DELETE FROM t WHERE id % 2 = 0 AND :batch", "SELECT count(*) = 500 FROM t"),
                new Case(
                        "DELETE that moves its rows, with others of another table",
                        14,
                        "WITH moved AS (DELETE FROM t WHERE :batch RETURNING id) INSERT INTO copy"
                                + " SELECT moved.id, s.n FROM moved LEFT JOIN source s USING (id)",
                        "SELECT count(*) = 1000 AND count(n) = 500 AND NOT EXISTS (SELECT FROM t) FROM copy"),
                new Case(
                        "a function for each row",
                        14,
                        "SELECT bump(id) FROM t WHERE :batch",
                        "SELECT bool_and(n = 1) FROM t"),
                new Case(
                        "MERGE from the batch",
                        15,
                        "MERGE INTO source s USING (SELECT id FROM t WHERE :batch) b ON s.id = b.id"
                                + " WHEN MATCHED THEN UPDATE SET n = s.n + 1"
                                + " WHEN NOT MATCHED THEN INSERT VALUES (b.id, 0)",
                        "SELECT count(*) = 1500 AND count(*) FILTER (WHERE n = 6) = 500"
                                + " AND count(*) FILTER (WHERE n = 0) = 500 FROM source"),
                new Case(
                        "MERGE into the batch",
                        15,
                        "MERGE INTO t USING source s ON t.id = s.id AND :batch WHEN MATCHED THEN UPDATE SET n = s.n",
                        "SELECT count(*) = 1000 AND count(*) FILTER (WHERE n = 5) = 500 FROM t"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void itDoesItsWorkOnceForEachRow(Case statement) {
        assumeTrue(version() >= statement.version(), "not in this version of PostgreSQL");
        var outcome = folder.backfill("t", statement.sql()).run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(outcome.progress().walked()).isEqualTo(1000);
        assertThat(database.value(statement.check())).isEqualTo("t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO copy SELECT s.id, 0 FROM source s LEFT JOIN t ON t.id = s.id AND :batch",
                "INSERT INTO copy SELECT id, 0 FROM t WHERE :batch UNION ALL SELECT id, 0 FROM source",
                "INSERT INTO copy SELECT g, 0 FROM generate_series(1, 3) g LEFT JOIN t ON :batch",
                "INSERT INTO copy SELECT id, 0 FROM source EXCEPT SELECT id, 0 FROM t WHERE :batch",
                "UPDATE source SET n = (SELECT n FROM t WHERE t.id = source.id AND :batch)",
                "DELETE FROM source WHERE NOT EXISTS (SELECT FROM t WHERE t.id = source.id AND :batch)",
                "WITH b AS (SELECT id FROM t WHERE :batch), all_of AS (SELECT s.id FROM b RIGHT JOIN source s USING (id))"
                        + " INSERT INTO copy SELECT id, 0 FROM all_of",
                "WITH gone AS (DELETE FROM source WHERE n = 5 RETURNING id) INSERT INTO copy"
                        + " SELECT t.id, 0 FROM t JOIN gone USING (id) WHERE :batch",
            })
    void whatWouldHappenOnceForEveryBatchIsRefused(String sql) {
        assertThat(requireRefused(sql))
                .contains("Choose the rows to change from the rows of public.t where :batch holds");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MERGE INTO t USING source s ON t.id = s.id AND :batch WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id + 9000)",
                "MERGE INTO source s USING t ON t.id = s.id AND :batch WHEN NOT MATCHED THEN INSERT VALUES (t.id, 0)",
            })
    void aMergeOfWhatIsNotInTheBatchIsRefused(String sql) {
        assumeTrue(version() >= 15, "not in this version of PostgreSQL");
        requireRefused(sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WITH b AS (SELECT id FROM t WHERE :batch) UPDATE t SET n = n + 1 FROM b WHERE b.id > 0",
                "UPDATE t SET n = n + 1 WHERE id % 250 IN (SELECT x.id % 250 FROM t x WHERE x.id IN"
                        + " (SELECT t.id FROM t WHERE :batch))",
                "WITH b AS (SELECT id FROM t WHERE :batch), u AS (UPDATE t SET n = n + 1 FROM b WHERE b.id > 0"
                        + " RETURNING 1) SELECT count(*) FROM u",
            })
    void aBatchThatUpdatesMoreThanItsRowsIsRolledBack(String sql) {
        database.execute("ANALYZE t");
        var outcome = folder.backfill("t", sql).run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.InvalidSpec);
        assertThat(database.value("SELECT max(n) FROM t")).isEqualTo("0");
    }

    @Test
    void aQueryAroundAnUpdateCountsWhatItUpdates() {
        var outcome = folder.backfill(
                        "t", "WITH u AS (UPDATE t SET n = n + 1 WHERE :batch RETURNING 1) SELECT count(*) FROM u")
                .run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(outcome.progress().rows()).isEqualTo(1000);
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
    }

    @Test
    void aHintGoesToTheServerWithItsStatement() {
        database.execute("CREATE TABLE seen (sql text)");
        var outcome = folder.backfill(
                        "t",
                        "-- who\n/*+ IndexScan(t) */ WITH s AS (INSERT INTO seen SELECT current_query() FROM (SELECT FROM"
                                + " t WHERE :batch LIMIT 1) one) UPDATE t SET n = n + 1 WHERE :batch")
                .run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT DISTINCT substr(sql, 1, 25) FROM seen"))
                .containsExactly("/*+ IndexScan(t) */ WITH ");
    }

    private String requireRefused(String sql) {
        var outcome =
                folder.backfill(new Work.Over("t", List.of(), null), sql, null).run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.InvalidSpec);
        assertThat(outcome.message())
                .startsWith("sql: :batch does not confine the statement: even for an empty batch it would ");
        assertThat(database.value("SELECT count(*) FROM source")).isEqualTo("1000");
        assertThat(database.value("SELECT count(*) FROM copy")).isEqualTo("0");
        return outcome.message();
    }

    private int version() {
        return Integer.parseInt(database.value("SHOW server_version_num")) / 10_000;
    }
}
