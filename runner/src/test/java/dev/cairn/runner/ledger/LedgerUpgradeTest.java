package dev.cairn.runner.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Identity;
import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A ledger of version 0.1 gets the columns of this one. */
class LedgerUpgradeTest {
    private final RecordedLedger recorded = new RecordedLedger();
    private final Ledger ledger = new Ledger(
            "cairn", new Identity("shop", MigrationKind.SchemaMigration, "create"), new WorkerPod("pod", "image"));

    @AfterEach
    void close() {
        recorded.close();
    }

    private String revision() {
        return recorded.database.value("SELECT to_jsonb(v) ->> 'revision' FROM cairn.version v");
    }

    @Test
    void anUpgradedLedgerIsTheSameAsANewOne() throws SQLException {
        try (var connection = recorded.database.connect()) {
            ledger.install(connection);
            new Ledger("fresh", ledger.migration(), ledger.worker()).install(connection);
        }
        var columns =
                "SELECT table_name || '.' || column_name || ' ' || data_type || is_nullable || coalesce(column_default, '')"
                        + " FROM information_schema.columns WHERE table_schema = '%s' ORDER BY 1";
        assertThat(recorded.database.query(columns.formatted("cairn")))
                .isEqualTo(recorded.database.query(columns.formatted("fresh")).stream()
                        .map(column -> column.replace("fresh.", "cairn."))
                        .toList());
    }

    @Test
    void startsAtTheSameTimeUpgradeItOnce() {
        var together = new CyclicBarrier(8);
        var starts = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 8; i++) {
            // Threads of their own: the common pool may have a single one.
            starts.add(CompletableFuture.runAsync(() -> install(together), Thread.ofPlatform()::start));
        }
        starts.forEach(CompletableFuture::join);

        assertThat(revision()).isEqualTo("2");
    }

    private void install(CyclicBarrier together) {
        try (var connection = recorded.database.connect()) {
            together.await();
            ledger.install(connection);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRunnerOfVersion01FindsWhatItRequires() throws SQLException {
        try (var connection = recorded.database.connect()) {
            ledger.install(connection);
        }
        // by the queries of that version: other relations, or another number, would make it refuse the ledger
        assertThat(recorded.database.value("SELECT string_agg(relname, ', ' ORDER BY relname) FROM pg_catalog.pg_class"
                        + " WHERE relnamespace = 'cairn'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')"))
                .isEqualTo("checkpoint, event, listed, migration, range, skipped, step, version, walk");
        assertThat(recorded.database.value("SELECT max(version) FROM cairn.version"))
                .isEqualTo("1");
        // and its statements, which name no column of ours
        recorded.database.execute(
                "INSERT INTO cairn.migration (scope, kind, name, state, checksum, token, attempts, started) VALUES ('shop',"
                        + " 'DataMigration', 'older', 'running', 'sha256:x', gen_random_uuid(), 0, clock_timestamp())",
                "INSERT INTO cairn.step (scope, kind, name, ordinal, step_name, checksum, state, started, finished, note)"
                        + " VALUES ('shop', 'DataMigration', 'older', 1, 'sql', 'sha256:y', 'done', clock_timestamp(), NULL, NULL)",
                "INSERT INTO cairn.event (scope, kind, name, event, worker, detail)"
                        + " VALUES ('shop', 'DataMigration', 'older', 'Started', 'pod', NULL)");
    }

    @Test
    void aRoleThatDoesNotOwnTheTablesSaysWhatTheOwnerRuns() throws SQLException {
        var role = "r_" + recorded.database.name();
        recorded.database.execute(
                "CREATE ROLE " + role,
                "GRANT USAGE ON SCHEMA cairn TO " + role,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA cairn TO " + role);
        try (var connection = recorded.database.connect()) {
            connection.createStatement().execute("SET ROLE " + role);
            assertThatThrownBy(() -> new LedgerUpgrade("cairn").ensure(connection))
                    .isInstanceOfSatisfying(MigrationFailure.class, failure -> {
                        assertThat(failure.reason()).isEqualTo(Reason.AccessDenied);
                        assertThat(failure.text())
                                .startsWith(
                                        "the ledger in schema cairn is of an older version of Cairn, and the role \""
                                                + role + "\" may not upgrade it: run as \"postgres\": ALTER TABLE")
                                .hasSizeLessThan(1200);
                        // what it says is enough
                        recorded.database.execute(
                                failure.text().substring(failure.text().indexOf("ALTER TABLE")));
                    });
            new LedgerUpgrade("cairn").ensure(connection);
        }
        recorded.database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }

    @Test
    void nobodyQueuesBehindAnUpgradeThatWaitsForALongTransaction() throws SQLException {
        try (var step = recorded.database.connect();
                var connection = recorded.database.connect()) {
            // given a schema step of another migration, which keeps the table for hours
            step.setAutoCommit(false);
            step.createStatement().execute("SET application_name = 'cairn SchemaMigration/long'");
            step.createStatement().execute("SELECT FROM cairn.migration WHERE name = 'create' FOR UPDATE");

            // when the ledger is upgraded, the start gives up the table and says who keeps it
            assertThatThrownBy(() -> ledger.install(connection))
                    .isInstanceOfSatisfying(
                            MigrationFailure.class, e -> assertThat(e.reason()).isEqualTo(Reason.LockTimeout))
                    .hasMessageContaining("its table migration cannot be upgraded while pid ")
                    .hasMessageContaining("(cairn SchemaMigration/long, in transaction since ");
            assertThat(waiting(step)).isEqualTo("0");

            // then a run goes on as soon as it is over
            var run = CompletableFuture.supplyAsync(() -> recorded.run("once-done", RecordedLedger.ONCE_DONE));
            await().until(() -> revision() == null && waitingOf("cairn DataMigration/once-done") == 1);
            step.rollback();
            assertThat(run.join().reason()).isEqualTo(Reason.AlreadyApplied);
            assertThat(revision()).isEqualTo("2");
        }
    }

    private static String waiting(Connection connection) throws SQLException {
        try (var rows = connection
                .createStatement()
                .executeQuery(
                        "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private int waitingOf(String application) {
        return Integer.parseInt(recorded.database.value(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + application + "'"));
    }
}
