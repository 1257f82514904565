package dev.cairn.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.plan.HoldCondition;
import dev.cairn.plan.HoldSignal;
import dev.cairn.plan.Identity;
import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Through PgBouncer, which lends a server's session for one transaction: to the runner, then to somebody else. */
class TransactionPoolTest {
    private static final int ROWS = 12_000;
    private static final String INSTALL = "install pgbouncer (on Debian: apt-get install pgbouncer)";

    /**
     * What a client's session differs in from a fresh one. PgBouncer keeps five settings apart for each of its clients, and
     * the transaction's own are set anew as each begins.
     */
    private static final String LEFT_BEHIND = """
        SELECT name || ' = ' || setting FROM pg_settings WHERE source = 'session' AND name NOT IN
               ('application_name', 'client_encoding', 'DateStyle', 'TimeZone', 'standard_conforming_strings',
                'transaction_isolation', 'transaction_read_only', 'transaction_deferrable')
        UNION ALL SELECT 'prepared ' || statement FROM pg_prepared_statements
        UNION ALL SELECT 'cursor ' || name FROM pg_cursors WHERE name <> ''
        UNION ALL SELECT 'temporary ' || relname FROM pg_class WHERE relpersistence = 't'
        UNION ALL SELECT 'lock ' || objid FROM pg_locks WHERE locktype = 'advisory'
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private TestDatabase database;
    private RunnerFolder folder;

    @BeforeEach
    void table() {
        assumeTrue(PgBouncer.isInstalled(), INSTALL);
        database = TestDatabase.create();
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0, at timestamptz NOT NULL DEFAULT"
                        + " '2026-01-01 00:30Z', day date)",
                "INSERT INTO t SELECT generate_series(1, " + ROWS + ")",
                "ANALYZE t");
        folder = new RunnerFolder(database);
    }

    @AfterEach
    void close() {
        if (database != null) database.close();
    }

    private PgBouncer pool(String mode, int connections, String... more) throws IOException {
        var pool = PgBouncer.start(database, mode, connections, more);
        folder.secret("host", "127.0.0.1").secret("port", String.valueOf(pool.port()));
        return pool;
    }

    @ParameterizedTest
    @EnumSource(Settings.Order.class)
    void aBackfillChangesEachRowOnceAndLeavesNothingBehind(Settings.Order order) throws Exception {
        // given a database far from this process's time zone
        database.execute("ALTER DATABASE " + database.name() + " SET timezone = 'Pacific/Honolulu'");
        try (var pool = pool("transaction", 4)) {
            // when three workers with a hold walk over a table
            var outcome = folder.pace(new Settings.Pace(
                            50,
                            100,
                            50,
                            500,
                            20_000L,
                            3,
                            order,
                            List.of(new HoldCondition.Signal(HoldSignal.BLOCKED_SESSIONS, 1_000))))
                    .backfill(
                            new Work.Over("t", List.of(), null),
                            "UPDATE t SET n = n + 1, day = at::date WHERE :batch",
                            "SELECT NOT EXISTS (SELECT FROM t WHERE n <> 1)")
                    .run();

            // then each row is changed once, in the database's own time zone
            assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
            assertThat(database.query("SELECT n || ' ' || day || ': ' || count(*) FROM t GROUP BY n, day"))
                    .containsExactly("1 2025-12-31: " + ROWS);

            // and whoever gets a session of the pool next finds nothing in it
            assertThat(leftBehind(pool, 4)).isEmpty();
        }
    }

    @Test
    void aServersSessionThatDiesInTheMiddleCostsNothing() throws Exception {
        try (var pool = pool("transaction", 3)) {
            folder.pace(new Settings.Pace(50, 50, 50, 100, 6_000L, 2, Settings.Order.Measured));
            var main =
                    folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").main("pod-1");
            var run = CompletableFuture.supplyAsync(main::run);
            for (int walked = 1_000; walked <= 7_000; walked += 1_500) {
                int enough = walked;
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> main.progress().walked() >= enough);
                database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE"
                        + " 'cairn %' AND datname = current_database()");
            }
            assertThat(run.join().reason()).as(run.join().message()).isEqualTo(Reason.Applied);
            assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                    .containsExactly("1: " + ROWS);
            assertThat(leftBehind(pool, 3)).isEmpty();
        }
    }

    /** Such as a pool that leads to a standby, too: which server a transaction gets is a matter of luck. */
    @Test
    void aServerThatOnlyReadsIsNotTheStatementsFault() throws Exception {
        // given the ledger, and a pool with three sessions that may write and one that may not
        var first = new Identity("test", MigrationKind.DataMigration, "first");
        folder.plan(new Plan(first, new Work.Once("SELECT 1", null))).run();
        try (var pool = pool("transaction", 4, "server_round_robin = 1")) {
            readOnlyByDefault(true);
            try (var onlyReads = pool.connect()) {
                begin(onlyReads);
                readOnlyByDefault(false);
                warm(pool, 3);
            }

            // when three workers and an application share them, so that nobody gets them by turns
            var busy = new AtomicBoolean(true);
            var application = CompletableFuture.runAsync(() -> ask(pool, busy));
            var outcome = folder.pace(new Settings.Pace(50, 100, 50, 100, null, 3, Settings.Order.Measured))
                    .backfill("t", "UPDATE t SET n = n + 1 WHERE :batch")
                    .run();
            busy.set(false);
            application.join();

            // then what the one refuses is done on the other, once for each row
            assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
            assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                    .containsExactly("1: " + ROWS);
        }
    }

    /** Goes on with another connection where the runner ended the session as one that it had lost. */
    private static void ask(PgBouncer pool, AtomicBoolean goesOn) {
        while (goesOn.get()) {
            try (var client = pool.connect();
                    var statement = client.createStatement()) {
                while (goesOn.get()) statement.execute("SELECT count(*) FROM t WHERE id <= 100");
            } catch (SQLException e) {
                assertThat(e.getSQLState()).isNotNull();
            }
        }
    }

    private void readOnlyByDefault(boolean on) {
        TestDatabase.server(database)
                .execute("ALTER DATABASE " + database.name() + " SET default_transaction_read_only = " + on);
    }

    private static void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        connection.createStatement().execute("SELECT 1");
    }

    @ParameterizedTest
    @EnumSource(MigrationKind.class)
    void whatNeedsASessionIsRefusedAndNothingIsLocked(MigrationKind kind) throws Exception {
        for (var turns : List.of("server_round_robin = 0", "server_round_robin = 1"))
            for (int connections : new int[] {1, 2, 5}) {
                try (var pool = pool("transaction", connections, turns)) {
                    warm(pool, connections);
                    var outcome = once(kind);
                    assertThat(outcome.reason()).as(turns + connections).isEqualTo(Reason.InvalidSpec);
                    assertThat(outcome.message()).contains("pools transactions").contains("a pool of sessions");
                    assertThat(leftBehind(pool, connections)).isEmpty();
                }
            }
        assertThat(database.value("SELECT to_regclass('made') IS NULL")).isEqualTo("t");
    }

    @Test
    void aBusyPoolIsRefusedToo() throws Exception {
        try (var pool = pool("transaction", 5)) {
            var busy = new AtomicBoolean(true);
            var applications = new ArrayList<CompletableFuture<Void>>();
            for (int n = 0; n < 3; n++) applications.add(CompletableFuture.runAsync(() -> work(pool, busy)));
            var outcome = once(MigrationKind.SchemaMigration);
            busy.set(false);
            applications.forEach(CompletableFuture::join);
            assertThat(outcome.message()).contains("pools transactions");
        }
    }

    @Test
    void aPoolOfSessionsWillDo() throws Exception {
        var ignored = pool("session", 10);
        try (ignored) {
            assertThat(once(MigrationKind.SchemaMigration).reason()).isEqualTo(Reason.Applied);
        }
        assertThat(database.value("SELECT to_regclass('made') IS NULL")).isEqualTo("f");
    }

    private Outcome once(MigrationKind kind) {
        var sql = "CREATE TABLE made (id int)";
        var work = kind == MigrationKind.SchemaMigration
                ? new Work.Schema(List.of(new Work.Step("made", sql)))
                : new Work.Once(sql, null);
        return folder.plan(work, kind).run();
    }

    /** Opens all connections that the pool may have. */
    private static void warm(PgBouncer pool, int connections) throws SQLException {
        leftBehind(pool, connections);
    }

    /** What is in any of the pool's sessions: as many transactions at once as it has of them. */
    private static List<String> leftBehind(PgBouncer pool, int connections) throws SQLException {
        var clients = new ArrayList<Connection>();
        var found = new ArrayList<String>();
        try {
            for (int n = 0; n < connections; n++) {
                var client = pool.connect();
                clients.add(client);
                client.setAutoCommit(false);
                try (var rows = client.createStatement().executeQuery(LEFT_BEHIND)) {
                    while (rows.next()) found.add(rows.getString(1));
                }
            }
        } finally {
            for (var client : clients) client.close();
        }
        return found;
    }

    private static void work(PgBouncer pool, AtomicBoolean goesOn) {
        try (var client = pool.connect();
                var statement = client.createStatement()) {
            while (goesOn.get()) statement.execute("SELECT count(*) FROM t");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
