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
 * A connection for parts, one after another. Between two it is reset to what it was before the first: {@code DISCARD ALL},
 * then the settings that the driver, {@link Connector} and this class had made. The driver follows: it names no statement
 * on the server, and the server reports the settings that it relies on.
 */
final class StepConnection {
    private static final String ROW_SECURITY = "SET row_security = off";

    /**
     * A role's own time limits are made for an application's queries, not for DDL. A runner that froze must not keep its
     * locks, though. (The server has not all of these in every version.)
     */
    private static final String LIMITS = PinnedSql.of("""
        SELECT pg_catalog.set_config(name, CASE WHEN name = 'lock_timeout' THEN CAST(? AS text)
                                                WHEN name = 'idle_in_transaction_session_timeout' THEN '60s'
                                                ELSE '0' END, false)
          FROM pg_catalog.pg_settings
         WHERE name = ANY (CAST(
               '{lock_timeout,statement_timeout,transaction_timeout,idle_in_transaction_session_timeout}' AS text[]))
        """);

    /** None where a trigger prepares sessions at their login: nothing repeats that. */
    private static final String OWN = PinnedSql.of("""
        SELECT name, setting FROM pg_catalog.pg_settings
         WHERE source = 'session'
           AND name <> ALL (CAST('{lock_timeout,transaction_isolation,transaction_read_only,transaction_deferrable}'
                                 AS text[]))
           AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_event_trigger WHERE evtevent = 'login' AND evtenabled <> 'D')
        """);

    private static final String DISCARD = "DISCARD ALL";

    /** A role that the login's role takes on by ALTER ROLE … SET role does not survive the first; RESET brings it back. */
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

    /** @param lockTimeoutMillis for its first statements */
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
            // Through a pool of sessions, this is the first to set it.
            statement.execute(ROW_SECURITY);
        }
        limit(lockTimeoutMillis);
        // A pool sets some settings after its own login to the server, so that a reset would not bring them back.
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

    /** As the server says: a proxy in between gives the driver a number of its own. */
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

    /** Whether it is known what a reset has to bring back. */
    boolean isResettable() {
        return !names.isEmpty();
    }

    /**
     * Makes it as it was before its first part.
     *
     * @param lockTimeoutMillis for its next statements
     * @return false if it cannot be used any more; it is closed then
     */
    boolean reset(long lockTimeoutMillis) {
        try (var statement = connection.createStatement()) {
            // Alone: PostgreSQL refuses it in a transaction, also in the one that several statements share.
            statement.execute(DISCARD);
            restore(lockTimeoutMillis);
            return true;
        } catch (SQLException e) {
            Log.info("the session cannot be reset, a new one takes its place: " + SqlFailures.text(e));
            discard();
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

    private void discard() {
        try {
            connection.close();
        } catch (SQLException e) {
            Log.info("closing a connection: " + SqlFailures.text(e));
        }
    }

    void close() throws SQLException {
        connection.close();
    }
}
