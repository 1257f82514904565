package dev.cairn.runner.session;

import dev.cairn.runner.report.Log;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The session of a {@link Witness}. Behind a pool it stays in one transaction, so it keeps a server process to itself.
 * So a question without an answer never waits for the pool. The transaction reads no table and has no snapshot between
 * two questions. So it blocks no other session, not even VACUUM FULL of a whole database.
 */
final class WitnessSession {
    private static final String STATES = """
        SELECT pid, state, wait_event FROM pg_catalog.pg_stat_activity
         WHERE pid OPERATOR(pg_catalog.=) ANY (CAST(? AS pg_catalog.int4[]))
        """;

    private static final String ANYTHING = "SELECT 1";

    private static final String HOLD = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY";

    /** Waits for this client. A session that waits for another server, as CREATE SUBSCRIPTION does, works. */
    private static final Set<String> WAITS_FOR_US = Set.of("ClientRead", "ClientWrite");

    private final Connection connection;
    private final boolean isPooled;

    private WitnessSession(Connection connection, boolean isPooled) {
        this.connection = connection;
        this.isPooled = isPooled;
    }

    /** @param connection new, with a limit on how long it waits for an answer; closed when this fails */
    static WitnessSession on(Connection connection) throws SQLException {
        try {
            if (!Pooling.isBehind(connection)) return new WitnessSession(connection, false);
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute(HOLD);
            }
            // From here on it waits as long as a session waits for it: the pool might have no other session.
            connection.setNetworkTimeout(Runnable::run, 0);
            return new WitnessSession(connection, true);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Whether there is a pool in front of the server. Then the processes of other sessions are unknown. */
    boolean isPooled() {
        return isPooled;
    }

    /** Why sessions do not work, by their processes. Working sessions are missing; behind a pool all are missing. */
    Map<Integer, String> over(Set<Integer> pids) throws SQLException {
        if (!isPooled) return states(pids);
        try (var question = connection.createStatement()) {
            question.execute(ANYTHING);
        }
        return Map.of();
    }

    private Map<Integer, String> states(Set<Integer> pids) throws SQLException {
        var over = new HashMap<Integer, String>();
        for (int pid : pids) over.put(pid, "the server has no such session any more");
        try (var query = connection.prepareStatement(STATES)) {
            query.setArray(1, connection.createArrayOf("int4", pids.toArray()));
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    int pid = rows.getInt("pid");
                    boolean isIdle = String.valueOf(rows.getString("state")).startsWith("idle");
                    if (isIdle || WAITS_FOR_US.contains(String.valueOf(rows.getString("wait_event"))))
                        over.put(pid, "the server's session waits for this runner, so its answer was lost");
                    else over.remove(pid);
                }
            }
        }
        return over;
    }

    /** Ends the session during a question. The thread that waits for the answer gets a failure. */
    void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            Log.info("closing a connection: " + SqlFailures.text(e));
        }
    }

    void close() {
        Connector.close(connection);
    }
}
