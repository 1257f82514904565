package dev.cairn.runner.run;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.runner.ledger.Backend;
import dev.cairn.runner.ledger.MigrationRow;
import dev.cairn.runner.report.Log;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ends the sessions that earlier starts of the migration left on the server. So they neither hold locks nor commit
 * late. The ledger's token stops such a commit in any case; this class makes the takeover fast.
 */
public final class StaleSessions {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String NO_RIGHT = "42501";

    private final Run run;

    public StaleSessions(Run run) {
        this.run = run;
    }

    /**
     * Ends the session of the last start and those of its workers, and waits until they are gone.
     *
     * @return the remaining sessions and the next step, a sentence without its full stop; null for none
     */
    public @Nullable String endAll(Connection connection, MigrationRow row) throws SQLException {
        var whose = String.valueOf(row.worker());
        var remaining = new ArrayList<String>();
        if (row.backend() != null) add(remaining, end(connection, row.backend(), whose));
        for (var worker : run.ledger().ranges().workers(connection)) add(remaining, end(connection, worker, whose));
        return remaining.isEmpty() ? null : String.join("; ", remaining);
    }

    /**
     * Ends one session and waits until it is gone, for half a minute at most.
     *
     * @param whose the owner, for log and status, such as a pod's name
     * @return why the session remains and the next step, a sentence without its full stop; null if it is gone
     */
    public @Nullable String end(Connection connection, Backend backend, String whose) throws SQLException {
        if (backend.isHidden(connection)) return said(noRight(connection, backend, whose));
        if (!backend.isAlive(connection)) return null;
        Log.info("takeover: ends session " + backend.pid() + " of " + whose);
        run.progress().activity(Activity.Waiting, "waits for the end of session " + backend.pid() + " of " + whose);
        try {
            backend.terminate(connection);
        } catch (SQLException e) {
            if (!NO_RIGHT.equals(e.getSQLState())) throw e;
            return said(noRight(connection, backend, whose));
        }
        awaitEnd(connection, backend);
        var remains = backend.isAlive(connection)
                ? "session " + backend.pid() + " of " + whose + " did not end within " + LIMIT.toSeconds()
                        + " s: see its wait_event in pg_stat_activity"
                : null;
        run.progress().activity(Activity.Starting);
        return remains == null ? null : said(remains);
    }

    private void awaitEnd(Connection connection, Backend backend) throws SQLException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (backend.isAlive(connection) && System.nanoTime() < deadline)
            run.stop().pause(POLL);
    }

    private static String noRight(Connection connection, Backend backend, String whose) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT pg_catalog.quote_ident(current_user)")) {
            rows.next();
            return "the role " + rows.getString(1) + " may not end session " + backend.pid() + " of " + whose
                    + ", which belongs to another role: SELECT pg_terminate_backend(" + backend.pid()
                    + "), or GRANT pg_signal_backend, pg_read_all_stats TO " + rows.getString(1);
        }
    }

    private static String said(String remains) {
        Log.info("takeover: " + remains);
        return remains;
    }

    private static void add(List<String> list, @Nullable String sentence) {
        if (sentence != null) list.add(sentence);
    }
}
