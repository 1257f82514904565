package dev.cairn.runner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import dev.cairn.runner.ChildProcess;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Runners that the server takes for alive: stopped with SIGSTOP in the middle, as on a node that the network has lost.
 * The table {@code gate} holds up whoever reads it while it has a row.
 */
class StaleSessionsTest {
    private static final String WAIT = "SELECT CASE WHEN EXISTS (SELECT FROM gate) THEN pg_sleep(600) END IS NOT NULL";

    private TestDatabase database;

    @BeforeEach
    void createDatabase() {
        database = TestDatabase.create();
        database.execute("CREATE TABLE messages (id int)", "CREATE TABLE gate (a int)", "INSERT INTO gate VALUES (1)");
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    @Test
    void aSchemaMigrationEndsTheSessionsOfItsFrozenStart() {
        var step = new Work.Step("1", "INSERT INTO messages VALUES (1); " + WAIT);
        endsTheFrozenSessions(new Work.Schema(List.of(step)), MigrationKind.SchemaMigration);
        assertThat(database.query("SELECT id FROM messages")).containsExactly("1");
    }

    @Test
    void aStatementOutsideATransactionIsEndedToo() {
        // REINDEX evaluates the expression for the row
        database.execute(
                "CREATE FUNCTION wait(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN"
                        + " IF EXISTS (SELECT FROM public.gate) THEN PERFORM pg_catalog.pg_sleep(600); END IF;"
                        + " RETURN 1; END $$",
                "DELETE FROM gate",
                "INSERT INTO messages VALUES (1)",
                "CREATE INDEX slow ON messages (wait(id))",
                "INSERT INTO gate VALUES (1)");
        var step = new Work.Step("1", "REINDEX INDEX slow");
        endsTheFrozenSessions(new Work.Schema(List.of(step)), MigrationKind.SchemaMigration);
    }

    @Test
    void sqlThatRunsOnceEndsTheSessionOfItsFrozenStart() {
        endsTheFrozenSessions(
                new Work.Once("INSERT INTO messages VALUES (1); " + WAIT, "SELECT count(*) = 1 FROM messages"),
                MigrationKind.DataMigration);
        assertThat(database.query("SELECT id FROM messages")).containsExactly("1");
    }

    @Test
    void aContainersRunnerEndsTheSessionOfItsFrozenStart() {
        var command = List.of("true");
        var verify = "SELECT CASE WHEN EXISTS (SELECT FROM gate) THEN pg_sleep(600) IS NULL ELSE true END";
        var work = new Work.Container("fill:1", command, List.of(), verify);
        var folder = folder().container(work);
        var frozen = folder.start("pod-1");
        var firstCommand = folder.startContainer(command);
        var next = folder().container(work);
        var secondCommand = next.startContainer(command);
        var second = endTheFrozenSessions(frozen, next);
        assertThat(secondCommand.exitCode()).as(second.output()).isZero();
        second.terminate();
        firstCommand.kill();
    }

    @Test
    void aRoleThatMayNotEndTheSessionSaysWhoMay() throws Exception {
        // given a ledger of an ordinary role
        var role = database.name() + "_migrator";
        database.execute(
                "CREATE ROLE " + role + " LOGIN", "GRANT CREATE ON DATABASE " + database.name() + " TO " + role);
        var folder = folder().secret("username", role).write(locks(200, 500));
        var step = new Work.Step("1", "SELECT pg_sleep(600) FROM generate_series(1, 0)");
        folder.plan(new Work.Schema(List.of(step, new Work.Step("2", "SELECT 1 / 0"))), MigrationKind.SchemaMigration);
        assertThat(folder.run().reason()).isEqualTo(Reason.SqlError);

        // and a session of another role that holds its line, as a start with other credentials left it
        try (var former = database.connect();
                var statement = former.createStatement()) {
            statement.execute("SET application_name = 'cairn SchemaMigration/it'");
            statement.execute("UPDATE cairn.migration SET worker = 'pod-0', worker_pid = pg_backend_pid(),"
                    + " worker_backend_start = (SELECT backend_start FROM pg_stat_activity"
                    + " WHERE pid = pg_backend_pid())");
            former.setAutoCommit(false);
            statement.execute("SELECT FROM cairn.migration FOR UPDATE");

            var outcome = folder.run();

            assertThat(outcome.reason()).isEqualTo(Reason.LockTimeout);
            assertThat(outcome.message())
                    .contains("the role " + role + " may not end session")
                    .contains("of pod-0, which belongs to another role")
                    .contains("GRANT pg_signal_backend, pg_read_all_stats TO " + role);
        } finally {
            database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
        }
    }

    private void endsTheFrozenSessions(Work work, MigrationKind kind) {
        var frozen = folder().plan(work, kind).start("pod-1");
        var second = endTheFrozenSessions(frozen, folder().plan(work, kind));
        assertThat(second.exitCode()).as(second.output()).isZero();
        assertThat(second.outcome().reason()).isEqualTo(Reason.Applied);
        assertThat(second.outcome().progress().attempts()).isEqualTo(2);
    }

    /** Freezes a runner in its wait, and starts the next one with the way free. */
    private ChildProcess endTheFrozenSessions(ChildProcess frozen, RunnerFolder next) {
        await().atMost(Duration.ofMinutes(1)).until(() -> !waiting().isEmpty());
        frozen.signal("STOP");
        var asleep = waiting();
        database.execute("DELETE FROM gate");

        var second = next.start("pod-2");

        await().atMost(Duration.ofMinutes(1))
                .until(() -> waiting().isEmpty()
                        || !second.isAlive()
                        || second.output().contains("Timeout"));
        assertThat(waiting())
                .as("the frozen start's sessions " + asleep + "; " + second.output())
                .isEmpty();

        // the frozen one wakes up, and sees that another one owns the migration
        frozen.signal("CONT");
        frozen.terminate();
        return second;
    }

    private List<String> waiting() {
        return database.query("SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                + " AND datname = current_database() AND pid <> pg_backend_pid()");
    }

    private RunnerFolder folder() {
        return new RunnerFolder(database).write(locks(500, 5_000));
    }

    private Settings locks(long timeoutMillis, long retryForMillis) {
        var base = database.settings();
        return new Settings(base.connection(), new Settings.Locks(timeoutMillis, retryForMillis), base.pace());
    }
}
