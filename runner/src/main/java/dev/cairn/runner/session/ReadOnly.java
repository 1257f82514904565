package dev.cairn.runner.session;

import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import java.io.Serial;
import java.sql.Connection;
import java.sql.SQLException;

/** Why something may not be written (SQLSTATE 25006): because of the server, of its settings, or of the statement itself. */
public final class ReadOnly {
    private static final String STATE = "25006";
    /** Connection failure: another try may find the primary, and nobody takes it for a statement's fault. */
    private static final String LOST = "08006";

    private static final String NOW = """
        SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only')::boolean,
               (SELECT source FROM pg_catalog.pg_settings
                 WHERE name OPERATOR(pg_catalog.=) CAST('default_transaction_read_only' AS pg_catalog.text))
        """;

    private ReadOnly() {}

    /** A server whose sessions may not write, though it is a primary. */
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
     * Whether the server refused to write. After {@link #requireWritable} in the same transaction the statement itself is
     * at fault: no other server would take it. Without, nobody can tell: behind a pool each transaction may be on another
     * server, the next question too.
     */
    public static boolean isRefusal(SQLException e) {
        return STATE.equals(e.getSQLState());
    }

    /**
     * The failure of a statement that made its own transaction read only.
     *
     * @param context what was being done; the message opens with it
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

    /** @throws SQLException as a lost connection, if this is a replica: after a failover, its primary is elsewhere or not yet */
    public static void requirePrimary(Connection connection) throws SQLException {
        require(connection, false);
    }

    /**
     * Makes sure that a transaction may write.
     *
     * @param connection at the beginning of that transaction; in autocommit mode, of any
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
