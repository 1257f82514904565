package dev.cairn.runner.backfill.dryrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.Forecast;
import dev.cairn.plan.HoldCondition;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings.Order;
import dev.cairn.plan.Settings.Pace;
import dev.cairn.plan.Work;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a backfill would do, without doing it. */
class DryRunTest {
    private static final Pace PACE = new Pace(200, 1000, 100, 50_000, null);
    private static final String UPDATE = "UPDATE t SET n = n + 1 WHERE :batch";
    private static final int ROWS = 50_000;

    private final TestDatabase database = TestDatabase.create();
    private final RunnerFolder folder = new RunnerFolder(database).pace(PACE);

    @AfterEach
    void close() {
        database.close();
    }

    private void table(String... more) {
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, other bigint NOT NULL, at bigint NOT NULL, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT g * 3, hashint8extended(g, 0), g, 0 FROM generate_series(1, " + ROWS
                        + "::bigint) g");
        database.execute(more);
        database.execute("VACUUM ANALYZE t");
    }

    private Outcome outcome(Work.Over over, String sql, boolean execute) {
        return folder.dryRun(new Work.Backfill(over, sql, null), execute).run();
    }

    private Forecast forecast(Work.Over over, String sql, boolean execute) {
        return forecast(outcome(over, sql, execute));
    }

    private static Forecast forecast(Outcome outcome) {
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.DryRunComplete);
        var forecast = outcome.forecast();
        assertThat(forecast).isNotNull();
        return forecast;
    }

    private static Work.Over over(String... key) {
        return new Work.Over("t", List.of(key), null);
    }

    private void requireUntouched() {
        assertThat(database.value("SELECT count(*) FROM t WHERE n <> 0")).isEqualTo("0");
        assertThat(database.value("SELECT to_regnamespace('cairn')")).isNull();
    }

    @Test
    void statisticsTellRowsBatchesAndTimeAndTheServerItsPlan() {
        table();
        var forecast = forecast(over(), UPDATE, false);

        assertThat(forecast.rows()).isEqualTo(ROWS);
        assertThat(forecast.changes()).isBetween(ROWS * 9L / 10, (long) ROWS);
        assertThat(forecast.key()).isEqualTo("t_pkey (id)");
        assertThat(forecast.batches() * forecast.batchRows()).isBetween((long) ROWS, ROWS + forecast.batchRows());
        assertThat(forecast.seconds()).isPositive();
        assertThat(forecast.measured()).isFalse();
        assertThat(forecast.queryPlan()).contains("Update on t", "t_pkey").doesNotContain("Seq Scan");
        assertThat(forecast.warnings()).isEmpty();
        requireUntouched();
    }

    @Test
    void rowsThatOthersHaveLockedAreNotWaitedFor() throws SQLException {
        table();
        try (var other = database.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("SELECT FROM t FOR UPDATE");
            assertThat(forecast(over(), UPDATE, false).rows()).isEqualTo(ROWS);
        }
    }

    @Test
    void aRoleThatMayOnlyReadAndUpdateTheTableIsEnough() {
        table();
        var role = "dry_" + database.name();
        database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'x'", "GRANT SELECT, UPDATE ON t TO " + role);
        folder.secret("username", role);
        assertThat(forecast(over(), UPDATE, false).warnings()).isEmpty();

        database.execute("REVOKE UPDATE ON t FROM " + role);
        var refused = outcome(over(), UPDATE, false);
        assertThat(refused.reason()).isEqualTo(Reason.SqlError);
        assertThat(refused.sqlState()).isEqualTo("42501");
        database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }

    @Test
    void theStatementsOwnConditionTellsHowManyRowsWouldChange() {
        table("UPDATE t SET at = 0 WHERE id % 2 = 0");
        var forecast = forecast(over(), "UPDATE t SET n = 1 WHERE at > 0 AND :batch", false);
        assertThat(forecast.rows()).isEqualTo(ROWS);
        assertThat(forecast.changes()).isBetween(ROWS * 4 / 10L, ROWS * 6 / 10L);
    }

    @Test
    void theLimitOfThePaceIsKept() {
        table();
        folder.pace(new Pace(200, 1000, 100, 50_000, 500L, 4, Order.Measured));
        var forecast = forecast(over(), UPDATE, false);
        assertThat(forecast.seconds()).isEqualTo(ROWS / 500);
        assertThat(forecast.batchRows()).isEqualTo(125);
        assertThat(forecast.batches()).isEqualTo(ROWS / 125);
    }

    @Test
    void batchesThatAreTriedAreMeasuredAndRolledBack() {
        table(
                "CREATE SEQUENCE calls",
                "CREATE FUNCTION called() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM nextval(''calls''); RETURN NEW; END'",
                "CREATE TRIGGER called BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION called()");

        // given statistics that cannot know the trigger
        assertThat(forecast(over(), UPDATE, false).warnings())
                .singleElement()
                .asString()
                .contains("(called)", "dryRun.execute: true");
        assertThat(database.value("SELECT is_called FROM calls")).isEqualTo("f");

        // when batches are tried
        var forecast = forecast(over(), "UPDATE t SET n = n + 1 WHERE at % 2 = 0 AND :batch", true);

        // then some were run, and nothing is left of them
        assertThat(forecast.measured()).isTrue();
        assertThat(forecast.changes()).isBetween(ROWS * 4 / 10L, ROWS * 6 / 10L);
        assertThat(Long.parseLong(String.valueOf(database.value("SELECT last_value FROM calls"))))
                .isBetween(500L, (long) ROWS);
        requireUntouched();
    }

    @Test
    void aBatchThatIsRefusedFailsTheDryRunAsItWouldFailTheWalk() {
        table("CREATE TABLE known (id bigint PRIMARY KEY)", """
            ALTER TABLE t ADD COLUMN known bigint REFERENCES known DEFERRABLE INITIALLY DEFERRED
            """);
        var sql = "UPDATE t SET known = id WHERE :batch";
        forecast(over(), sql, false);

        var refused = outcome(over(), sql, true);
        assertThat(refused.reason()).isEqualTo(Reason.SqlError);
        assertThat(refused.sqlState()).isEqualTo("23503");
        assertThat(refused.message()).contains("rolled back", "t_known_fkey");

        // and where such rows are to be skipped, it is only said
        var skipping =
                folder.dryRun(new Work.Backfill(over(), sql, null, 10L), true).run();
        assertThat(forecast(skipping).warnings())
                .allSatisfy(warning -> assertThat(warning).contains("t_known_fkey", "would be skipped"))
                .isNotEmpty();
        requireUntouched();
    }

    @Test
    void whatWouldBeRefusedIsRefused() {
        table();
        var refused = outcome(over(), "UPDATE t SET n = 1 WHERE n = 0 OR at > 5 AND :batch", false);
        assertThat(refused.reason()).isEqualTo(Reason.InvalidSpec);
        assertThat(refused.message()).contains("does not confine the statement");
        requireUntouched();
    }

    @Test
    void aKeyWhoseOrderIsNotTheHeapsIsNamedAndABetterOneProposed() {
        // given a key that scatters, and a unique index that does not
        table("CREATE UNIQUE INDEX t_other ON t (other, id)", "CREATE UNIQUE INDEX t_at ON t (at, id)");
        assertThat(forecast(over("other", "id"), UPDATE, false).warnings())
                .singleElement()
                .asString()
                .contains("the order of other has little to do", "1000 rows touches up to", "over.key: [id] (t_pkey)");

        // then one that could be built is proposed where there is none
        database.execute("ALTER TABLE t DROP CONSTRAINT t_pkey", "DROP INDEX t_at", "ALTER TABLE t DROP id");
        database.execute("CREATE UNIQUE INDEX t_other ON t (other, n)", "VACUUM ANALYZE t");
        assertThat(forecast(over("other", "n"), "UPDATE t SET at = 1 WHERE :batch", false)
                        .warnings())
                .singleElement()
                .asString()
                .contains("over.key: [at, other, n]", "CONCURRENTLY");
    }

    @Test
    void aBatchThatIsNotReadByItsKeyIsNamed() {
        table();
        database.execute("ALTER DATABASE " + database.name() + " SET enable_indexscan = off");
        database.execute("ALTER DATABASE " + database.name() + " SET enable_bitmapscan = off");
        assertThat(forecast(over(), UPDATE, false).warnings())
                .singleElement()
                .asString()
                .contains("reads public.t from end to end instead of by t_pkey", "ANALYZE");
    }

    @Test
    void partitionsThatWereNeverAnalysedAreNamed() {
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0) PARTITION BY RANGE (id)",
                "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (20000) WITH (autovacuum_enabled = false)",
                "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (20000) TO (100000) WITH (autovacuum_enabled = false)",
                "INSERT INTO t SELECT generate_series(1, 50000)");
        var forecast = forecast(over(), UPDATE, false);
        assertThat(forecast.warnings())
                .singleElement()
                .asString()
                .contains("2 of the 2 partitions of public.t have never been analysed", "run ANALYZE public.t");
        assertThat(forecast.rows()).isPositive();
        assertThat(forecast.queryPlan()).contains("t2_pkey").doesNotContain("t1_pkey");
    }

    @Test
    void aListOfKeysIsEstimatedAndTried() {
        table("CREATE INDEX ON t (at)");
        var list = new Work.Over("t", List.of(), null, "SELECT id FROM t WHERE at <= 700");
        var expected = forecast(list, UPDATE, false);
        assertThat(expected.rows()).isEqualTo(700);
        var tried = forecast(list, UPDATE, true);
        assertThat(tried.measured()).isTrue();
        assertThat(tried.changes()).isEqualTo(tried.rows());
        requireUntouched();
    }

    @Test
    void whatTheDatabaseRemembersAndWhatWouldHoldIsSaid() {
        table();
        folder.backfill("t", UPDATE).run();
        folder.pace(PACE.with(List.of(new HoldCondition.Query("SELECT 7", BigDecimal.valueOf(5), false))));

        var forecast = forecast(over(), UPDATE, true);

        assertThat(forecast.warnings()).hasSize(2);
        assertThat(forecast.warnings().get(0)).contains("no batch was tried", "query \"SELECT 7\" 7 > 5");
        assertThat(forecast.warnings().get(1)).contains("the database's ledger has it as applied at");
        assertThat(forecast.measured()).isFalse();
        assertThat(database.value("SELECT count(*) FROM t WHERE n = 1")).isEqualTo(String.valueOf(ROWS));
    }

    @Test
    void aQueryForKeysMayNotWriteEvenWhereBatchesAreTried() {
        table(
                "CREATE FUNCTION writing() RETURNS bigint LANGUAGE sql AS 'UPDATE t SET n = 7 WHERE id = 3 RETURNING id'");
        var list = new Work.Over("t", List.of(), null, "SELECT writing()");
        assertThat(outcome(list, UPDATE, true).sqlState()).isEqualTo("25006");
        requireUntouched();
    }

    @Test
    void anEmptyTableHasNothingToWalk() {
        database.execute("CREATE TABLE t (id bigint PRIMARY KEY, n int)");
        for (boolean execute : new boolean[] {false, true}) {
            var forecast = forecast(over(), UPDATE, execute);
            assertThat(forecast.rows()).isZero();
            assertThat(forecast.batches()).isZero();
            assertThat(forecast.warnings()).singleElement().asString().contains("nothing to walk");
        }
    }
}
