package dev.cairn.runner.session;

import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import java.io.Serial;
import java.sql.Connection;
import java.sql.SQLException;

/** Finds out why a write was refused (SQLSTATE 25006): because of the server, its settings, or the statement itself. */
public final class ReadOnly {
    private static final String STATE = "25006";
    /** Connection failure: another attempt may find the primary, and the failure is not attributed to a statement. */
    private static final String LOST = "08006";

    private static final String NOW = """
        SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only')::boolean,
               (SELECT source FROM pg_catalog.pg_settings
                 WHERE name OPERATOR(pg_catalog.=) CAST('default_transaction_read_only' AS pg_catalog.text))
        """;

    private ReadOnly() {}

    /** A primary whose sessions may not write. */
    static final class TakesNoChanges extends SQLException {
        @Serial
        private static final long serialVersionUID = 1;

        private TakesNoChanges(String source) {
            super(
                    "default_transaction_read_only is on (set for: " + source
                            + "). Find out why, since some providers set it when the disk is full; then reset it with"
                            + " ALTER DATABASE or ALTER ROLE … RESET default_transaction_read_only",
                    LOST);
        }
    }

    /**
     * Whether the server refused to write. After {@link #requireWritable} in the same transaction, the statement itself
     * is at fault: every server would refuse it. Without that check the cause is unknown: behind a pool each
     * transaction, also a later check, may run on another server.
     */
    public static boolean isRefusal(SQLException e) {
        return STATE.equals(e.getSQLState());
    }

    /**
     * The failure of a statement that made its own transaction read only.
     *
     * @param context the task that failed; the message opens with it
     */
    public static MigrationFailure ofStatement(String context, SQLException e) {
        return new MigrationFailure(
                Reason.SqlError,
                context + ": " + SqlFailures.text(e) + ": the statement itself, or a function or trigger that it calls,"
                        + " sets transaction_read_only. Change it so that it does not",
                e.getSQLState(),
                SqlFailures.hint(e),
                e);
    }

    /**
     * @throws SQLException as a lost connection, if this is a replica: after a failover the primary is elsewhere or not
     *     yet there
     */
    public static void requirePrimary(Connection connection) throws SQLException {
        require(connection, false);
    }

    /**
     * Makes sure that a transaction may write.
     *
     * @param connection at the beginning of that transaction; in autocommit mode, at any time
     * @throws SQLException as a lost connection, if it may not
     */
    public static void requireWritable(Connection connection) throws SQLException {
        require(connection, true);
    }

    private static void require(Connection connection, boolean isToWrite) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(NOW)) {
            rows.next();
            if (rows.getBoolean(1))
                throw new SQLException(
                        "the server is a replica, which can only be read: a failover may be under way, or the connection"
                                + " (or its pool) leads to a standby and not to the primary",
                        LOST);
            if (isToWrite && rows.getBoolean(2)) throw new TakesNoChanges(rows.getString(3));
        }
    }
}
