package dev.cairn.runner.session;

import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.session.SqlFailures.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A second connection on the same way to the server, which tells whether a session that is silent is at work. It is opened
 * for the first silence and closed after the last one. Thread-safe: all sessions of a connector share it.
 */
final class Witness {
    private static final String STATE = """
        SELECT state, wait_event FROM pg_catalog.pg_stat_activity WHERE pid OPERATOR(pg_catalog.=) CAST(? AS integer)
        """;

    /** A session that waits for another server, as CREATE SUBSCRIPTION does, is at work. */
    private static final Set<String> WAITS_FOR_US = Set.of("ClientRead", "ClientWrite");

    private final Opening opening;
    private @Nullable Connection connection;
    private int silences;

    Witness(Opening opening) {
        this.opening = opening;
    }

    /** Opens the connection, within a time limit. */
    @FunctionalInterface
    interface Opening {
        Connection open() throws SQLException;
    }

    /** What it saw. */
    sealed interface Sign {
        /** The server answers, and the session is at work as far as anybody can tell. */
        record Working() implements Sign {}

        /** The server answers, and the session no longer waits for anything but its client. */
        record Over(String how) implements Sign {}

        /** No answer. */
        record Unreachable(String why) implements Sign {}
    }

    /** A session is silent. */
    synchronized void enter() {
        silences++;
    }

    /** It is not silent any more, or was cut. */
    synchronized void leave() {
        if (--silences == 0) close();
    }

    /** @param pid of the session's server process; null where a pool hides it */
    synchronized Sign ask(@Nullable Integer pid) {
        boolean isOld = connection != null;
        try {
            return sign(pid);
        } catch (SQLException e) {
            close();
            // An old connection may have died for a reason of its own.
            if (isOld) return ask(pid);
            boolean answered = SqlFailures.isServers(e) && SqlFailures.kind(e) != Kind.CONNECTION_LOST;
            return answered ? new Sign.Working() : new Sign.Unreachable(SqlFailures.text(e));
        } catch (MigrationFailure e) {
            // Credentials that are missing by now say nothing about the server.
            return new Sign.Working();
        }
    }

    private Sign sign(@Nullable Integer pid) throws SQLException {
        var open = connection == null ? opening.open() : connection;
        connection = open;
        try (var query = open.prepareStatement(STATE)) {
            query.setInt(1, pid == null ? 0 : pid);
            try (var rows = query.executeQuery()) {
                if (pid == null) return new Sign.Working();
                if (!rows.next()) return new Sign.Over("the server has no such session any more");
                boolean isIdle = String.valueOf(rows.getString("state")).startsWith("idle");
                return isIdle || WAITS_FOR_US.contains(String.valueOf(rows.getString("wait_event")))
                        ? new Sign.Over("the server's session waits for this runner, so its answer was lost")
                        : new Sign.Working();
            }
        }
    }

    private void close() {
        try {
            if (connection != null) connection.close();
        } catch (SQLException e) {
            Log.info("closing a connection: " + SqlFailures.text(e));
        }
        connection = null;
    }
}
