package dev.cairn.runner.backfill;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Run;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Waits for the transactions that were writing to the table when the walk began: their rows are not to be seen yet, and
 * may lie behind the highest key or before a cursor. Those that begin later are the new application's.
 */
final class OlderWriters {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final String WRITERS = """
        SELECT DISTINCT l.virtualtransaction, l.pid,
               coalesce(a.application_name, '') AS application,
               coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::bigint AS seconds
          FROM pg_catalog.pg_locks l
          LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
         WHERE l.relation = ANY (CAST(? AS oid[])) AND l.granted
           AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
           AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
           AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
        """;

    private final Run run;
    private final WalkedTable table;
    private final Parts parts;

    OlderWriters(Run run, WalkedTable table, Parts parts) {
        this.run = run;
        this.table = table;
        this.parts = parts;
    }

    /** @throws MigrationFailure with {@link Reason#LockTimeout} if they do not end within {@code locks.retryFor} */
    void awaitEnd(Connection connection) throws SQLException {
        var waitFor = now(connection);
        if (waitFor.isEmpty()) return;
        long deadline = System.nanoTime() + run.settings().get().locks().retryForMillis() * 1_000_000;
        Log.info(cause(List.copyOf(waitFor.values())));
        while (!waitFor.isEmpty()) {
            var cause = cause(List.copyOf(waitFor.values()));
            if (System.nanoTime() > deadline)
                throw new MigrationFailure(
                        Reason.LockTimeout, cause + "; they did not end in time: end them, the next try waits again");
            run.progress().activity(Activity.Waiting, cause);
            run.stop().pause(POLL);
            var still = now(connection);
            waitFor.keySet().retainAll(still.keySet());
            waitFor.replaceAll((transaction, old) -> still.getOrDefault(transaction, old));
        }
    }

    private String cause(List<String> writers) {
        return "before the walk begins, transactions that already write to " + table.name() + " have to end: "
                + String.join(", ", writers.subList(0, Math.min(3, writers.size())))
                + (writers.size() > 3 ? " and " + (writers.size() - 3) + " more" : "");
    }

    /** Who writes, by transaction: a session's next transaction has another name. */
    private Map<String, String> now(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement(WRITERS)) {
            query.setObject(1, parts.all(), Types.OTHER);
            var writers = new TreeMap<String, String>();
            try (var rows = query.executeQuery()) {
                while (rows.next())
                    writers.put(
                            rows.getString("virtualtransaction"),
                            "pid %d (%s, in transaction for %d s)"
                                    .formatted(
                                            rows.getInt("pid"),
                                            rows.getString("application"),
                                            rows.getLong("seconds")));
            }
            return writers;
        }
    }
}
