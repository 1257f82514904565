package dev.cairn.runner.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.RunnerInside;
import dev.cairn.runner.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backfill beside an application's own transactions. */
class TrafficTest {
    private final TestDatabase database = TestDatabase.create();
    private final RunnerFolder folder = new RunnerFolder(database);

    @BeforeEach
    void table() {
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT g FROM generate_series(1, 500) g");
        folder.pace(new Settings.Pace(50, 100, 10, 100, null));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aRowOfATransactionThatWasOpenWhenTheWalkBeganIsWalkedToo() throws SQLException {
        // given a transaction that has added rows before, between and after the others, not yet committed
        try (var writer = database.connect()) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("INSERT INTO t VALUES (-5), (1000)");

            // when a backfill begins, it waits for that transaction
            var main =
                    folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").main("pod-1");
            var run = CompletableFuture.supplyAsync(main::run);
            await().until(() -> main.progress().activity() == Activity.Waiting);
            assertThat(main.progress().cause())
                    .startsWith(
                            "the walk over public.t waits for older transactions to end, because they may still add rows to it: pid ")
                    .endsWith("has written to this table)");
            writer.commit();

            // then its rows are walked
            assertThat(run.join().reason()).as(run.join().message()).isEqualTo(Reason.Applied);
        }
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                .containsExactly("1: 502");
    }

    @Test
    void aPreparedTransactionIsNamedWithTheCommandsThatEndIt() {
        // given a transaction that has added a row and belongs to no session any more
        database.execute("BEGIN", "INSERT INTO t VALUES (1000)", "PREPARE TRANSACTION 'it''s'");

        var main = folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").main("pod-1");
        var run = CompletableFuture.supplyAsync(main::run);
        await().until(() -> main.progress().activity() == Activity.Waiting);
        assertThat(main.progress().cause())
                .contains("prepared transaction 'it''s' of role postgres (prepared ")
                .endsWith(" s ago, has written to this table; end it in database " + database.name()
                        + " with COMMIT PREPARED 'it''s' or ROLLBACK PREPARED 'it''s')");
        database.execute("COMMIT PREPARED 'it''s'");

        assertThat(run.join().reason()).as(run.join().message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                .containsExactly("1: 501");
    }

    /** As CREATE INDEX CONCURRENTLY waits: nobody can tell what such a transaction does before its end. */
    @Test
    void aTransactionThatWroteElsewhereAndThenAddsARowIsWaitedFor() throws SQLException {
        // given a transaction that has drawn a key and written to another table, and one that only reads
        database.execute("CREATE TABLE other (id bigint)");
        try (var writer = database.connect();
                var reader = database.connect()) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("SELECT FROM t");
            writer.setAutoCommit(false);
            writer.createStatement().execute("INSERT INTO other VALUES (1)");

            // when a backfill begins
            var main =
                    folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").main("pod-1");
            var run = CompletableFuture.supplyAsync(main::run);

            // then it waits, and the row that comes last of all is walked
            await().until(() -> main.progress().activity() == Activity.Waiting || run.isDone());
            assertThat(main.progress().cause())
                    .contains("the walk over public.t waits for older transactions to end")
                    .endsWith("has written elsewhere)");
            writer.createStatement().execute("INSERT INTO t VALUES (-5), (1000)");
            writer.commit();
            assertThat(run.join().reason()).as(run.join().message()).isEqualTo(Reason.Applied);
        }
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                .containsExactly("1: 502");
    }

    /** pg_stat_activity hides most of it from a role without pg_read_all_stats. */
    @Test
    void aTransactionOfAnotherRoleIsWaitedForToo() throws SQLException {
        var role = "plain_" + database.name();
        database.execute(
                "CREATE ROLE " + role + " LOGIN PASSWORD 'x'",
                "GRANT ALL ON DATABASE " + database.name() + " TO " + role,
                "GRANT ALL ON t TO " + role,
                "CREATE TABLE other (id bigint)");
        folder.secret("username", role);
        try (var writer = database.connect()) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("INSERT INTO other VALUES (1)");

            var main =
                    folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").main("pod-1");
            var run = CompletableFuture.supplyAsync(main::run);
            await().until(() -> main.progress().activity() == Activity.Waiting || run.isDone());
            writer.createStatement().execute("INSERT INTO t VALUES (-5), (1000)");
            writer.commit();
            assertThat(run.join().reason()).as(run.join().message()).isEqualTo(Reason.Applied);
        }
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                .containsExactly("1: 502");
        database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }

    @Test
    void olderTransactionsThatDoNotEndEndTheTry() throws SQLException {
        database.execute("CREATE TABLE other (id bigint)");
        var settings = database.settings();
        folder.write(new Settings(settings.connection(), new Settings.Locks(100, 300), settings.pace()));
        try (var writer = database.connect()) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("INSERT INTO other VALUES (1)");
            var outcome =
                    folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").run();
            assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.LockTimeout);
            assertThat(outcome.message()).contains("pg_terminate_backend");
        }
        assertThat(database.value("SELECT max(n) FROM t")).isEqualTo("0");
    }

    @Test
    void aRowThatIsLockedHoldsTheBatchNotTheApplication() throws SQLException {
        try (var holder = database.connect()) {
            // given a walk, and an application that holds a row ahead of it
            var main = slowly();
            var run = CompletableFuture.supplyAsync(main::run);
            lockAhead(holder, main);

            // when the walk gets there
            folder.pace(new Settings.Pace(50, 100, 10, 100, null));
            await().until(() -> main.progress().activity() == Activity.Retrying);
            holder.commit();

            // then the batch is done once the row is free
            assertThat(run.join().reason()).as(run.join().message()).isEqualTo(Reason.Applied);
        }
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
    }

    @Test
    void aRowThatStaysLockedEndsTheRunWithItsCheckpoint() throws SQLException {
        try (var holder = database.connect()) {
            var main = slowly();
            var run = CompletableFuture.supplyAsync(main::run);
            lockAhead(holder, main);

            // when there is no patience
            var settings = database.settings();
            folder.write(new Settings(
                    settings.connection(), new Settings.Locks(100, 0), new Settings.Pace(50, 100, 10, 100, null)));
            var outcome = run.join();

            assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.LockTimeout);
            assertThat(outcome.sqlState()).isEqualTo("55P03");
            assertThat(outcome.message())
                    .matches("sql, in the batch of public.t .*: tried \\d+ times, other transactions are in its way.*");
        }
        assertThat(database.value("SELECT state FROM cairn.migration")).isEqualTo("running");
    }

    /** At ten rows a second. */
    private RunnerInside slowly() {
        folder.pace(new Settings.Pace(50, 10, 10, 10, 10L));
        return folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").main("pod-1");
    }

    private static void lockAhead(Connection holder, RunnerInside main) throws SQLException {
        await().until(() -> main.progress().walked() > 0);
        holder.setAutoCommit(false);
        holder.createStatement().execute("SELECT FROM t WHERE id = 450 FOR SHARE");
    }

    /**
     * A serialization failure, a deadlock, a lock that was not to be had; a statement that somebody cancelled; a full disk,
     * too little memory; a session that was idle for too long or was ended.
     */
    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01", "55P03", "57014", "53100", "53200", "25P03", "57P01"})
    void aFaultThatPassesIsTriedAgain(String state) {
        // given a statement that meets one the first three times
        database.execute(
                "CREATE SEQUENCE tries",
                "CREATE FUNCTION flaky(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN IF nextval('tries') <= 3 THEN RAISE"
                        + " SQLSTATE '" + state + "'; END IF; RETURN n + 1; END $$");
        var outcome =
                folder.backfill("t", "UPDATE t SET n = flaky(n) WHERE :batch").run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
    }

    @Test
    void rowsThatAPolicyHidesAreAnErrorNotASilentSkip() {
        var role = "rls_" + database.name();
        database.execute(
                "CREATE ROLE " + role + " LOGIN PASSWORD 'x'",
                "GRANT ALL ON DATABASE " + database.name() + " TO " + role,
                "GRANT ALL ON t TO " + role,
                "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY half ON t USING (id > 250)");
        folder.secret("username", role);

        var outcome =
                folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").run();

        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.SqlError);
        assertThat(outcome.sqlState()).isEqualTo("42501");
        database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }

    @Test
    void aPaceThatIsChangedCountsInTheMiddle() {
        // given a walk at ten rows a second, which would take most of a minute
        folder.pace(new Settings.Pace(50, 10, 10, 10, 10L));
        var main = folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").main("pod-1");
        var run = CompletableFuture.supplyAsync(main::run);
        await().until(() -> main.progress().walked() > 0);

        // when the limit is lifted
        folder.pace(new Settings.Pace(50, 100, 10, 100, null));

        // then it uses the new pace
        assertThat(run.join().reason()).isEqualTo(Reason.Applied);
        assertThat(run.join().progress().batchSize()).isGreaterThan(10);
    }
}
