package dev.cairn.runner.backfill.table;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Waits for the transactions that had written anywhere in the database when the walk began. Those that wrote to the
 * table have rows that are not visible yet. The others may insert rows until they end. Both may have keys beyond the
 * highest key or before a cursor. Transactions that begin to write later belong to the new application. The wait is
 * like that of CREATE INDEX CONCURRENTLY, but transactions that only read do not count.
 */
public final class InFlightWriters {
    private static final Duration POLL = Duration.ofMillis(100);

    /**
     * A transaction that has written holds a lock on its own number. A prepared transaction writes no more: only its
     * locks on the table count. Autovacuum inserts no rows; it is a session without a user. The view shows little else
     * about other roles' sessions.
     */
    private static final String WRITERS = PinnedSql.of("""
        SELECT l.virtualtransaction, l.pid, bool_or(l.locktype = 'relation') AS in_table,
               coalesce(a.application_name, '') AS application,
               coalesce(max(extract(epoch FROM clock_timestamp() - a.xact_start)), 0)::bigint AS seconds,
               max(quote_literal(prepared.gid)) AS prepared, max(prepared.owner::text) AS owner,
               coalesce(max(extract(epoch FROM clock_timestamp() - prepared.prepared)), 0)::bigint AS prepared_for,
               max(prepared.database::text) AS database
          FROM pg_catalog.pg_locks l
         CROSS JOIN (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) here
          LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
          LEFT JOIN pg_catalog.pg_locks own
            ON l.pid IS NULL AND own.pid IS NULL AND own.locktype = 'transactionid'
           AND own.virtualtransaction = l.virtualtransaction
          LEFT JOIN pg_catalog.pg_prepared_xacts prepared ON prepared.transaction = own.transactionid
         WHERE l.granted AND (l.pid IS NULL OR l.pid <> pg_catalog.pg_backend_pid())
           AND (l.relation = ANY (CAST(? AS oid[])) AND l.database = here.oid
                AND l.mode = ANY (CAST('{RowExclusiveLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}' AS text[]))
             OR l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock'
                AND a.datid = here.oid AND a.usesysid IS NOT NULL)
         GROUP BY l.virtualtransaction, l.pid, a.application_name
        """);

    private final Run run;
    private final WalkedTable table;
    private final TableFamily parts;

    public InFlightWriters(Run run, WalkedTable table, TableFamily parts) {
        this.run = run;
        this.table = table;
        this.parts = parts;
    }

    /** @throws MigrationFailure with {@link Reason#LockTimeout} if they do not end within {@code locks.retryFor} */
    public void awaitEnd(Connection connection) throws SQLException {
        var waitFor = now(connection);
        if (waitFor.isEmpty()) return;
        long deadline = System.nanoTime() + run.settings().get().locks().retryForMillis() * 1_000_000;
        Log.info(cause(List.copyOf(waitFor.values())));
        while (!waitFor.isEmpty()) {
            var cause = cause(List.copyOf(waitFor.values()));
            if (System.nanoTime() > deadline)
                throw new MigrationFailure(
                        Reason.LockTimeout,
                        cause + ". They did not end within locks.retryFor. End a session's transaction with SELECT"
                                + " pg_terminate_backend(pid), or let them end; the next attempt waits again");
            run.progress().activity(Activity.Waiting, cause);
            run.stop().pause(POLL);
            var still = now(connection);
            waitFor.keySet().retainAll(still.keySet());
            waitFor.replaceAll((transaction, old) -> still.getOrDefault(transaction, old));
        }
    }

    private String cause(List<String> writers) {
        return "the walk over " + table.name()
                + " waits for older transactions to end, because they may still add rows to it: "
                + String.join(", ", writers.subList(0, Math.min(3, writers.size())))
                + (writers.size() > 3 ? " and " + (writers.size() - 3) + " more" : "");
    }

    /** The writers by transaction: a session's next transaction has another name. */
    private Map<String, String> now(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement(WRITERS)) {
            query.setObject(1, parts.all(), Types.OTHER);
            var writers = new TreeMap<String, String>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) writers.put(rows.getString("virtualtransaction"), writer(rows));
            }
            return writers;
        }
    }

    private static String writer(ResultSet row) throws SQLException {
        var where = row.getBoolean("in_table") ? "to this table" : "elsewhere";
        var gid = row.getString("prepared");
        if (gid != null)
            return "prepared transaction %1$s of role %2$s (prepared %3$d s ago, has written %4$s; end it in database %5$s with COMMIT PREPARED %1$s or ROLLBACK PREPARED %1$s)"
                    .formatted(
                            gid, row.getString("owner"), row.getLong("prepared_for"), where, row.getString("database"));
        // The transaction ended between the reads of the two views.
        if (row.getObject("pid") == null)
            return "a prepared transaction (see pg_prepared_xacts; has written " + where + ")";
        var application = row.getString("application");
        return "pid %d (%sin transaction for %d s, has written %s)"
                .formatted(
                        row.getInt("pid"),
                        application.isEmpty() ? "" : application + ", ",
                        row.getLong("seconds"),
                        where);
    }
}
