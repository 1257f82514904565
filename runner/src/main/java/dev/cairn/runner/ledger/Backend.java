package dev.cairn.runner.ledger;

import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;

/**
 * A server process. The system reuses process ids, so its start time identifies it, too.
 *
 * @param pid of the process
 * @param started its start, to the microsecond
 */
public record Backend(int pid, OffsetDateTime started) {
    /**
     * Behind a pooler the process may now serve another client. So it counts only while a runner of the same migration
     * uses it, and never when it is the process of this connection.
     */
    private static final String IS_IT = """
         WHERE pid = ? AND backend_start = ? AND application_name = pg_catalog.current_setting('application_name')
           AND pid <> pg_catalog.pg_backend_pid()
        """;

    private static final String SELF = """
        SELECT pid, backend_start FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid())
        """;

    /**
     * The server hides the start of another role's session, so only its application name suggests that it is this
     * process.
     */
    private static final String HIDDEN = PinnedSql.of("""
        SELECT 1 FROM pg_catalog.pg_stat_activity
         WHERE pid = ? AND backend_start IS NULL AND application_name = pg_catalog.current_setting('application_name')
           AND pid <> pg_catalog.pg_backend_pid()
        """);

    private static final String ALIVE = PinnedSql.of("SELECT 1 FROM pg_catalog.pg_stat_activity" + IS_IT);
    private static final String TERMINATE =
            PinnedSql.of("SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity" + IS_IT);

    /** The process that serves a connection now. */
    public static Backend of(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement(SELF);
                var rows = query.executeQuery()) {
            rows.next();
            return new Backend(rows.getInt(1), rows.getObject(2, OffsetDateTime.class));
        }
    }

    /** Whether it still works for a runner in a session other than this one. */
    public boolean isAlive(Connection connection) throws SQLException {
        return matches(connection, ALIVE);
    }

    /**
     * Whether a runner of the same migration seems to use it as another role. Then this role can neither see its start
     * nor end it.
     */
    public boolean isHidden(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement(HIDDEN)) {
            query.setInt(1, pid);
            try (var rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }

    /**
     * Asks the server to end it. It may take a moment: see {@link #isAlive}.
     *
     * @throws SQLException with 42501 if it belongs to a role whose sessions this role may not end
     */
    public void terminate(Connection connection) throws SQLException {
        matches(connection, TERMINATE);
    }

    private boolean matches(Connection connection, String sql) throws SQLException {
        try (var query = connection.prepareStatement(sql)) {
            query.setInt(1, pid);
            query.setObject(2, started);
            try (var rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }
}
