package dev.cairn.runner.session;

import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/**
 * Says whether one server process serves a connection, or a pool assigns a process to each transaction, as PgBouncer in
 * transaction mode does. Behind such a pool other clients would inherit a session's settings and locks.
 */
public final class Pooling {
    /**
     * Which of two connections to ask next. Each is asked once, and several times in a row. A pool may assign the
     * process that was returned last, or the next one in turn, or, when others use the pool, any.
     */
    private static final String TURNS = "0011010010110100011101001100101101";

    private static final String PID = "SELECT pg_catalog.pg_backend_pid()";

    private Pooling() {}

    /**
     * Whether there is a pool in front of the server. Then the process that answers is not the one that the driver saw
     * when it connected.
     */
    static boolean isBehind(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID() != pid(connection);
    }

    /**
     * Checks the connection for work that leaves something in its session between two transactions. A pool of whole
     * sessions is allowed.
     *
     * @param connection in autocommit mode
     * @param connector opens a second connection to the same place
     * @throws MigrationFailure with {@link Reason#InvalidSpec} if transactions are pooled
     */
    public static void requireSession(Connection connection, Connector connector) throws SQLException {
        if (!isBehind(connection)) return;
        try (var other = connector.connect()) {
            int mine = pid(connection);
            int others = pid(other);
            boolean isSession = mine != others;
            for (int n = 0; n < TURNS.length() && isSession; n++)
                isSession = TURNS.charAt(n) == '0' ? pid(connection) == mine : pid(other) == others;
            if (!isSession) throw refusal();
        }
    }

    /** The failure of work that needs a session. */
    public static MigrationFailure refusal() {
        return new MigrationFailure(
                Reason.InvalidSpec,
                "the connection goes through a proxy that pools transactions (such as PgBouncer with "
                        + "pool_mode = transaction). There the lock of schema migrations does not work, and other "
                        + "clients would get this session's settings. Name the server itself, or a pool of sessions, "
                        + "in the target's connection.host and connection.port");
    }

    private static int pid(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(PID)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
