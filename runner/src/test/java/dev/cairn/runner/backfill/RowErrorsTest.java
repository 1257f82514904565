package dev.cairn.runner.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Settings.Order;
import dev.cairn.plan.Work;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that the server refuses to change are found one by one, among those that it takes. */
class RowErrorsTest {
    private static final String CAST = "UPDATE t SET n = n + 1, number = text::int WHERE :batch";

    private final TestDatabase database = TestDatabase.create();
    private final RunnerFolder folder = new RunnerFolder(database);

    @AfterEach
    void close() {
        database.close();
    }

    /** Three rows cannot be cast. */
    private void table(String key) {
        database.execute(
                "CREATE TABLE t (a int, b text, n int NOT NULL DEFAULT 0, text text, number int, PRIMARY KEY (" + key
                        + "))",
                "INSERT INTO t SELECT g, 'b' || g, 0, CASE WHEN g IN (7, 700, 1999) THEN 'x' || g ELSE g::text END"
                        + " FROM generate_series(1, 2000) g");
    }

    private Outcome run(Order order, @Nullable Long skipErrors) {
        return folder.pace(new Settings.Pace(60_000, 300, 300, 300, null, 1, order))
                .plan(
                        new Work.Backfill(new Work.Over("t", List.of(), null), CAST, null, skipErrors),
                        MigrationKind.DataMigration)
                .run();
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void theRowIsNamedWithTheServersOwnWords(Order order) {
        table("a");
        var outcome = run(order, null);
        assertThat(outcome.reason()).isEqualTo(Reason.SqlError);
        assertThat(outcome.sqlState()).isEqualTo("22P02");
        assertThat(outcome.message())
                .matches("sql, in the row (7|700|1999) of public.t: invalid input syntax for type integer: \"…\" .*")
                .endsWith(
                        " (values of rows are left out here; the database keeps the server's full message in the ledger's"
                                + " table event: cairn.event by default, WHERE event = 'ServerSaid')");
        assertThat(database.value("SELECT detail FROM cairn.event WHERE event = 'ServerSaid'"))
                .matches("row (7|700|1999) of public.t: invalid input syntax for type integer: \"x\\d+\".*");
        assertThat(database.value("SELECT count(*) FROM cairn.skipped")).isEqualTo("0");
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void rowsThatMayBeSkippedAreWrittenDownAndTheOthersAreChanged(Order order) {
        table("b, a");
        var outcome = run(order, 3L);
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(outcome.progress().skipped()).isEqualTo(3);
        assertThat(outcome.progress().walked()).isEqualTo(2000);
        assertThat(outcome.progress().rows()).isEqualTo(1997);
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n ORDER BY n"))
                .containsExactly("0: 3", "1: 1997");
        assertThat(database.query("SELECT key[1] || ' ' || key[2] || ' ' || sqlstate FROM cairn.skipped ORDER BY 1"))
                .containsExactly("b1999 1999 22P02", "b7 7 22P02", "b700 700 22P02");
        assertThat(database.query("SELECT DISTINCT message LIKE 'invalid input syntax%' FROM cairn.skipped"))
                .containsExactly("t");
    }

    @Test
    void oneMoreThanTheLimitEndsTheMigration() {
        table("a");
        var outcome = run(Order.Plain, 2L);
        assertThat(outcome.reason()).isEqualTo(Reason.SqlError);
        assertThat(outcome.message())
                .startsWith("more than maxSkippedRows (2) rows failed, the last one the row 1999 of public.t: ")
                .contains("raise the limit");
        assertThat(database.value("SELECT count(*) FROM cairn.skipped")).isEqualTo("2");
    }

    /** Rows are read by those who may read the table; status and log by all who may look at the cluster. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "n = 0 WHERE :batch",
                "number = text::int WHERE :batch",
                "text = NULL WHERE :batch",
                "day = text::date WHERE :batch",
                "mood = text::mood WHERE :batch",
                "document = ('{' || text || '}')::jsonb WHERE :batch",
                "number = refuse(text) WHERE :batch",
                "text = 'taken' WHERE a > 1 AND :batch",
            })
    void whatARowHoldsStaysInTheDatabase(String set) {
        database.execute(
                "CREATE TYPE mood AS ENUM ('fine')",
                "CREATE TABLE t (a int PRIMARY KEY, n int CHECK (n > 0), text text NOT NULL UNIQUE, number int, day date,"
                        + " mood mood, document jsonb, note text DEFAULT 'secret')",
                "INSERT INTO t VALUES (1, 1, 'secret \"of\" one'), (2, 1, 'secret of two')",
                "CREATE FUNCTION refuse(v text) RETURNS int LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE '% is refused', v USING DETAIL = v, HINT = v; END $$");
        if (set.contains("taken")) database.execute("UPDATE t SET text = 'taken' WHERE a = 1");
        var runner = folder.backfill("t", "UPDATE t SET " + set).start("pod-1");
        assertThat(runner.outcome().reason()).as(runner.words()).isEqualTo(Reason.SqlError);
        assertThat(runner.outcome().message()).contains("row").contains(" of public.t: ");
        assertThat(runner.words()).doesNotContain("secret").doesNotContain("taken");
        assertThat(runner.output()).doesNotContain("secret").doesNotContain("taken");
        assertThat(database.value("SELECT error FROM cairn.migration")).doesNotContain("secret");
        assertThat(database.value("SELECT detail FROM cairn.event WHERE event = 'ServerSaid'"))
                .startsWith("row ")
                .containsAnyOf("secret", "taken", "(1, 1, null");
    }

    @Test
    void aTargetMayKeepKeysToItselfToo() {
        database.execute(
                "CREATE TABLE t (email text PRIMARY KEY, n int)",
                "INSERT INTO t SELECT 'somebody-' || g || '@example.org', g FROM generate_series(1, 50) g");
        folder.write(database.settings().with(new Settings.Report(false)));
        var runner = folder.backfill("t", "UPDATE t SET n = 1 / (n - 20) WHERE :batch")
                .start("pod-1");
        assertThat(runner.outcome().message())
                .startsWith("sql, in the row of public.t whose key the ledger has: division by zero");
        assertThat(runner.words()).doesNotContain("somebody");
        assertThat(runner.output()).doesNotContain("somebody");
        assertThat(database.value("SELECT detail FROM cairn.event WHERE event = 'ServerSaid'"))
                .startsWith("row somebody-20@example.org of public.t: division by zero");
    }

    @Test
    void aConstraintThatIsCheckedAtTheCommitNamesItsRowToo() {
        // given a foreign key that waits for the commit
        database.execute(
                "CREATE TABLE parent (id int PRIMARY KEY)",
                "INSERT INTO parent SELECT generate_series(1, 99)",
                "CREATE TABLE t (id int PRIMARY KEY, parent int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)",
                "INSERT INTO t SELECT generate_series(1, 100)");
        var outcome =
                folder.backfill("t", "UPDATE t SET parent = id WHERE :batch").run();
        assertThat(outcome.sqlState()).isEqualTo("23503");
        assertThat(outcome.message()).contains("in the row 100 of public.t").contains("violates foreign key");
        assertThat(database.value("SELECT detail FROM cairn.event WHERE event = 'ServerSaid'"))
                .contains("(parent)=(100) is not present in table");
    }

    @Test
    void rowsThatFailAtOnceAndAtTheCommitAreBothSkipped() {
        database.execute(
                "CREATE TABLE parent (id int PRIMARY KEY)",
                "INSERT INTO parent SELECT generate_series(1, 99)",
                "CREATE TABLE t (id int PRIMARY KEY, parent int REFERENCES parent DEFERRABLE INITIALLY DEFERRED,"
                        + " CONSTRAINT seven CHECK (parent <> 7))",
                "INSERT INTO t SELECT generate_series(1, 100)");
        var work = new Work.Backfill(
                new Work.Over("t", List.of(), null), "UPDATE t SET parent = id WHERE :batch", null, 5L);
        var outcome = folder.plan(work, MigrationKind.DataMigration).run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(outcome.progress().skipped()).isEqualTo(2);
        assertThat(database.query("SELECT key[1] || ' ' || sqlstate FROM cairn.skipped ORDER BY 1"))
                .containsExactly("100 23503", "7 23514");
        assertThat(database.value("SELECT count(*) FROM t WHERE parent = id")).isEqualTo("98");
    }

    @Test
    void aRowThatFailsHidesNoBatchThatUpdatesMoreThanItsRows() {
        table("a");
        var work = new Work.Backfill(
                new Work.Over("t", List.of(), null),
                "WITH b AS (SELECT a FROM t WHERE :batch) UPDATE t SET n = n + 1, number = CASE b.a WHEN 7 THEN"
                        + " t.text::int END FROM b WHERE b.a > 0",
                null,
                9L);
        var outcome = folder.plan(work, MigrationKind.DataMigration).run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.InvalidSpec);
        assertThat(database.value("SELECT max(n) FROM t")).isEqualTo("0");
    }

    @Test
    void aDivisionByZeroAtTheCommitIsTheRowsToo() {
        // given a constraint that divides when the transaction commits
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, n int)",
                "INSERT INTO t SELECT generate_series(1, 100)",
                "CREATE FUNCTION divide() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM 1 / (new.id - 77); RETURN NULL; END $$",
                "CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE"
                        + " FUNCTION divide()");
        var outcome = folder.backfill("t", "UPDATE t SET n = 1 WHERE :batch").run();
        assertThat(outcome.sqlState()).as(outcome.message()).isEqualTo("22012");
        assertThat(outcome.message()).isEqualTo("sql, in the row 77 of public.t: division by zero");
    }

    @Test
    void twoWorkersTogetherSkipNoMoreThanTheLimit() {
        // given two rows in two ranges, which fail at the same moment: each waits until the other worker is there too
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, n int, filler text DEFAULT repeat('x', 100))",
                "INSERT INTO t SELECT generate_series(1, 10000)",
                "ANALYZE t",
                "CREATE FUNCTION next(id int) RETURNS int LANGUAGE plpgsql AS $$ DECLARE n int := 0; BEGIN"
                        + " IF id IN (100, 9900) THEN PERFORM pg_advisory_xact_lock_shared(8);"
                        + " WHILE n < 100 AND (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 8) < 2"
                        + " LOOP PERFORM pg_sleep(0.01); n := n + 1; END LOOP; PERFORM 1 / 0; END IF;"
                        + " RETURN 1; END $$");
        var outcome = folder.pace(new Settings.Pace(60_000, 200, 200, 200, null, 2, Order.Plain))
                .plan(
                        new Work.Backfill(
                                new Work.Over("t", List.of(), null),
                                "UPDATE t SET n = next(id) WHERE :batch",
                                null,
                                1L),
                        MigrationKind.DataMigration)
                .run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.SqlError);
        assertThat(outcome.message()).startsWith("more than maxSkippedRows (1) rows failed");
        assertThat(database.value("SELECT count(*) FROM cairn.skipped")).isEqualTo("1");
    }

    @Test
    void aStatementThatIsWrongForEveryRowIsNoRowsFault() {
        table("a");
        var outcome =
                folder.backfill("t", "UPDATE t SET nothing = 1 WHERE :batch").run();
        assertThat(outcome.sqlState()).isEqualTo("42703");
        assertThat(outcome.message()).doesNotContain("row");
    }
}
