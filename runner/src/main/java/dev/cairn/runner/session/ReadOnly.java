package dev.cairn.runner.session;

import java.sql.Connection;
import java.sql.SQLException;

/** Why something may not be written (SQLSTATE 25006): for now, as on a replica, or because of the statement itself. */
public final class ReadOnly {
    private static final String STATE = "25006";
    /** Connection failure: another try may find the primary, and nobody takes it for a statement's fault. */
    private static final String LOST = "08006";

    private static final String NOW = """
        SELECT pg_catalog.pg_is_in_recovery(),
               pg_catalog.pg_is_in_recovery() OR pg_catalog.current_setting('transaction_read_only')::boolean
        """;

    private ReadOnly() {}

    /**
     * Whether a statement had made its own transaction read only, or was told to write in one that is: another server
     * would refuse it as well.
     *
     * @param connection that it failed on, rolled back and in autocommit mode
     */
    public static boolean isOfStatement(Connection connection, SQLException e) throws SQLException {
        return STATE.equals(e.getSQLState()) && !asked(connection, 2);
    }

    /** @throws SQLException as a lost connection, if this is a replica: after a failover, its primary is elsewhere or not yet */
    public static void requirePrimary(Connection connection) throws SQLException {
        if (asked(connection, 1))
            throw new SQLException(
                    "the server is a replica, which can only be read (a failover may be under way)", LOST);
    }

    private static boolean asked(Connection connection, int column) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(NOW)) {
            rows.next();
            return rows.getBoolean(column);
        }
    }
}
