package dev.cairn.runner.schema;

import dev.cairn.runner.report.Log;
import dev.cairn.runner.session.Connector;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/**
 * A connection for several parts in turn. Between two parts it is reset to its state before the first: {@code DISCARD
 * ALL}, then the settings of the driver, {@link Connector} and this class. The driver works with that: it names no
 * statement on the server, and the server reports the settings that the driver needs.
 */
final class StepConnection {
    private static final String ROW_SECURITY = "SET row_security = off";

    /**
     * A role's own time limits are for an application's queries, not for DDL. But a runner that hangs must not keep its
     * locks. (Some versions of the server do not have all of these.)
     */
    private static final String LIMITS = PinnedSql.of("""
        SELECT pg_catalog.set_config(name, CASE WHEN name = 'lock_timeout' THEN CAST(? AS text)
                                                WHEN name = 'idle_in_transaction_session_timeout' THEN '60s'
                                                ELSE '0' END, false)
          FROM pg_catalog.pg_settings
         WHERE name = ANY (CAST(
               '{lock_timeout,statement_timeout,transaction_timeout,idle_in_transaction_session_timeout}' AS text[]))
        """);

    /** Returns none where a login trigger prepares sessions: a reset cannot repeat that. */
    private static final String OWN = PinnedSql.of("""
        SELECT name, setting FROM pg_catalog.pg_settings
         WHERE source = 'session'
           AND name <> ALL (CAST('{lock_timeout,transaction_isolation,transaction_read_only,transaction_deferrable}'
                                 AS text[]))
           AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_event_trigger WHERE evtevent = 'login' AND evtenabled <> 'D')
        """);

    private static final String DISCARD = "DISCARD ALL";

    /** {@code DISCARD ALL} undoes the role of ALTER ROLE … SET role. RESET ROLE restores it. */
    private static final String RESTORE = PinnedSql.of("""
        RESET ROLE;
        SELECT pg_catalog.set_config(own.name, own.setting, false)
          FROM ROWS FROM (unnest(CAST(? AS text[])), unnest(CAST(? AS text[]))) AS own (name, setting)
        """);

    private final Connection connection;
    private final int pid;
    private final List<String> names = new ArrayList<>();
    private final List<String> settings = new ArrayList<>();

    private StepConnection(Connection connection) throws SQLException {
        this.connection = connection;
        this.pid = pid(connection);
    }

    /** @param lockTimeoutMillis of its first statements */
    static StepConnection open(Connector connector, long lockTimeoutMillis) throws SQLException {
        var connection = connector.connect();
        try {
            var opened = new StepConnection(connection);
            opened.setUp(lockTimeoutMillis);
            return opened;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private void setUp(long lockTimeoutMillis) throws SQLException {
        try (var statement = connection.createStatement()) {
            // Behind a pool of sessions, no other code has set it.
            statement.execute(ROW_SECURITY);
        }
        limit(lockTimeoutMillis);
        // A pool sets some settings after its own login to the server. A reset would not restore them.
        if (connection.unwrap(PGConnection.class).getBackendPID() != pid) return;
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(OWN)) {
            while (rows.next()) {
                names.add(rows.getString("name"));
                settings.add(rows.getString("setting"));
            }
        }
    }

    /** Sets the time limits of its next statements. */
    void limit(long lockTimeoutMillis) throws SQLException {
        try (var limits = connection.prepareStatement(LIMITS)) {
            limits.setString(1, String.valueOf(lockTimeoutMillis));
            limits.execute();
        }
    }

    /** The process id from the server: a proxy gives the driver another number. */
    static int pid(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
            if (!rows.next()) throw new IllegalStateException("pg_backend_pid() gave no row");
            return rows.getInt(1);
        }
    }

    Connection connection() {
        return connection;
    }

    /** The server process. */
    int pid() {
        return pid;
    }

    /** Whether the settings that a reset must restore are known. */
    boolean isResettable() {
        return !names.isEmpty();
    }

    /**
     * Resets it to its state before its first part.
     *
     * @param lockTimeoutMillis of its next statements
     * @return false if it can no longer be used; then it is closed
     */
    boolean reset(long lockTimeoutMillis) {
        try (var statement = connection.createStatement()) {
            // Sent alone: PostgreSQL refuses it in a transaction, also in the implicit one of several statements.
            statement.execute(DISCARD);
            restore(lockTimeoutMillis);
            return true;
        } catch (SQLException e) {
            Log.info("the session cannot be reset, a new one takes its place: " + SqlFailures.text(e));
            Connector.close(connection);
            return false;
        }
    }

    private void restore(long lockTimeoutMillis) throws SQLException {
        var allNames = new ArrayList<>(names);
        var allSettings = new ArrayList<>(settings);
        allNames.add("lock_timeout");
        allSettings.add(String.valueOf(lockTimeoutMillis));
        try (var restore = connection.prepareStatement(RESTORE)) {
            restore.setArray(1, connection.createArrayOf("text", allNames.toArray()));
            restore.setArray(2, connection.createArrayOf("text", allSettings.toArray()));
            restore.execute();
        }
    }

    void close() throws SQLException {
        connection.close();
    }
}
