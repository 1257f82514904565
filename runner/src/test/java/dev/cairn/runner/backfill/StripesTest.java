package dev.cairn.runner.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Settings.Order;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HOT stripes on a real server: what they promise of the table, and when they are left alone. */
class StripesTest {
    private static final int ROWS = 60_000;
    private static final String ADD = "UPDATE t SET n = n + 1 WHERE :batch";

    private final TestDatabase database = TestDatabase.create();
    private final RunnerFolder folder = new RunnerFolder(database);

    @AfterEach
    void close() {
        database.close();
    }

    private void table(String options) {
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0, other int, filler text) " + options,
                "CREATE INDEX ON t (other)",
                "INSERT INTO t SELECT g, 0, g % 1000, repeat('x', 80) FROM generate_series(1, " + ROWS + ") g",
                "VACUUM (ANALYZE, FREEZE) t");
    }

    private RunnerFolder pace(Order order, int workers) {
        return folder.pace(new Settings.Pace(60_000, 500, 100, 500, null, workers, order));
    }

    @Test
    void mostRowsStayOnTheirPageAndTheTableHardlyGrows() {
        table("");
        var before = size("t");
        var outcome = pace(Order.Striped, 1).backfill("t", ADD).run();

        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        eachRowOnce();
        var impact = outcome.progress().impact();
        assertThat(impact).isNotNull();
        assertThat(impact.striped()).isTrue();
        assertThat(impact.hotPercent()).isGreaterThan(70);
        assertThat(impact.rowsPerTransaction()).isLessThanOrEqualTo(500);
        assertThat(size("t")).isLessThan(before * 130 / 100);
        assertThat(outcome.progress().walked()).isEqualTo(ROWS);
    }

    @Test
    void theBetterOrderIsFoundByMeasuringBoth() {
        // given full pages, and rows of which each costs the same time in any order
        table("");
        database.execute(
                "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN PERFORM pg_sleep(0.0001); RETURN NEW; END'",
                "CREATE TRIGGER slow BEFORE UPDATE ON t FOR EACH ROW WHEN (OLD.id <= 12000) EXECUTE FUNCTION slow()");
        var outcome = folder.pace(new Settings.Pace(60_000, 100, 100, 100, null, 1, Order.Measured))
                .backfill("t", ADD)
                .run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        eachRowOnce();
        var impact = outcome.progress().impact();
        assertThat(impact).isNotNull();
        assertThat(impact.striped()).isTrue();
        assertThat(impact.hotPercent()).isGreaterThan(50);
    }

    @Test
    void aTableWithRoomOnItsPagesIsWalkedPlainly() {
        // given pages that are half empty: plain batches find the room as well
        table("WITH (fillfactor = 45)");
        var outcome = pace(Order.Measured, 1).backfill("t", ADD).run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        var impact = outcome.progress().impact();
        assertThat(impact).isNotNull();
        assertThat(impact.striped()).isFalse();
        assertThat(impact.hotPercent()).isGreaterThan(90);
    }

    @Test
    void aColumnThatIsIndexedIsWalkedPlainly() {
        table("");
        var outcome = pace(Order.Measured, 2)
                .backfill("t", "UPDATE t SET n = n + 1, other = other + 1 WHERE :batch")
                .run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        eachRowOnce();
        var impact = outcome.progress().impact();
        assertThat(impact).isNotNull();
        assertThat(impact.striped()).isFalse();
    }

    @Test
    void rowsThatShareAKeyAreMetOnce() {
        // given a table and one that inherits from it, with the same keys
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "CREATE TABLE t_more (PRIMARY KEY (id)) INHERITS (t)",
                "INSERT INTO t SELECT generate_series(1, 6000)",
                "INSERT INTO t_more SELECT generate_series(1, 6000)",
                "ANALYZE t",
                "ANALYZE t_more");
        var outcome = folder.pace(new Settings.Pace(60_000, 77, 77, 77, null, 2, Order.Striped))
                .backfill("t", ADD)
                .run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                .containsExactly("1: 12000");
    }

    @Test
    void aDeleteIsNotStriped() {
        table("");
        var outcome = pace(Order.Striped, 1)
                .backfill("t", "DELETE FROM t WHERE :batch")
                .run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.value("SELECT count(*) FROM t")).isEqualTo("0");
        assertThat(database.query("SELECT walked FROM cairn.range WHERE batches > ceil(walked / 500.0)"))
                .isEmpty();
    }

    @Test
    void aRotationGoesOnWhereItWasWhenRowsComeAndGoInBetween() {
        // given a walk in stripes that is ended in the middle of its first windows by a row that fails
        table("");
        database.execute("ALTER TABLE t ADD CONSTRAINT limited CHECK (id <> 20000 OR n = 0) NOT VALID");
        var failed = pace(Order.Striped, 1).backfill("t", ADD).run();
        assertThat(failed.message()).contains("in the row 20000 of public.t").contains("limited");
        assertThat(database.value("SELECT bool_or(stripes_done > 0 AND cursor IS NULL) FROM cairn.range"))
                .isEqualTo("t");

        // when rows are deleted and inserted among those that are left, and the retry may do all
        database.execute(
                "ALTER TABLE t DROP CONSTRAINT limited",
                "DELETE FROM t WHERE id % 7 = 0",
                "INSERT INTO t SELECT g, 5, 0, 'new' FROM generate_series(70, 50000, 70) g");
        var outcome = folder.run();

        // then every row that was there all the time is changed once
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT DISTINCT n FROM t WHERE filler <> 'new'"))
                .containsExactly("1");
    }

    /** Of numbers in a row each page has as many of every remainder; of those with gaps it may have one alone. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"g, -8", "g * 3, -8", "-g, -8", "g * 8, 16", "g * 8 + g % 2, 16"})
    void theKeysNumberDecidesWhereItSpreadsThePagesRowsEvenly(String id, int stripes) {
        // given a walk that ends in its first windows
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0, filler text)",
                "INSERT INTO t SELECT " + id + ", 0, repeat('x', 80) FROM generate_series(1, " + ROWS + ") g",
                "VACUUM (ANALYZE) t",
                "ALTER TABLE t ADD CONSTRAINT limited CHECK (n = 0 OR id <> "
                        + database.value("SELECT " + id + " FROM (VALUES (20001)) v (g)") + ") NOT VALID");
        var failed = pace(Order.Striped, 1).backfill("t", ADD).run();
        assertThat(failed.message()).contains("limited");
        assertThat(database.query("SELECT DISTINCT stripes FROM cairn.range WHERE stripes IS NOT NULL"))
                .containsExactly(String.valueOf(stripes));

        // then the next start goes on with what the ledger says
        database.execute("ALTER TABLE t DROP CONSTRAINT limited");
        var outcome = folder.run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        eachRowOnce();
    }

    @Test
    void aStripeOfRowsThatTakeTooLongIsCut() {
        // given windows that are chosen before the first row is met, and rows that take a millisecond each
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT generate_series(1, 4000)",
                "CREATE TABLE batches (size int)",
                "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS "
                        + "'BEGIN INSERT INTO batches SELECT count(*) FROM changed; RETURN NULL; END'",
                "CREATE TRIGGER note AFTER UPDATE ON t REFERENCING NEW TABLE AS changed "
                        + "FOR EACH STATEMENT EXECUTE FUNCTION note()",
                "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS "
                        + "'BEGIN PERFORM pg_sleep(0.001); RETURN NEW; END'",
                "CREATE TRIGGER slow BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION slow()");
        var outcome = folder.pace(new Settings.Pace(10, 500, 5, 500, null, 1, Order.Striped))
                .backfill("t", ADD)
                .run();

        // then one batch is as large as its stripe, and those behind it take about as long as they should
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                .containsExactly("1: 4000");
        assertThat(database.value("SELECT max(size) FROM batches"))
                .isEqualTo(database.value("SELECT size FROM batches ORDER BY ctid LIMIT 1"));
        assertThat(database.query("SELECT size FROM batches WHERE size > 50")).hasSize(1);
    }

    private long size(String table) {
        return Long.parseLong(database.value("SELECT pg_relation_size('" + table + "')"));
    }

    private void eachRowOnce() {
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                .containsExactly("1: " + ROWS);
    }
}
