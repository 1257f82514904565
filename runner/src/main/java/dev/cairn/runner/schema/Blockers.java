package dev.cairn.runner.schema;

import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Describes which sessions block a session. */
final class Blockers {
    private static final String BLOCKERS = PinnedSql.of("""
        SELECT coalesce(waits.locktype, '') AS locktype, waits.relation::pg_catalog.regclass::text AS relation,
               blocker.pid, coalesce(activity.application_name, '') AS application,
               extract(epoch FROM clock_timestamp() - activity.xact_start)::bigint AS seconds
          FROM (SELECT DISTINCT unnest(pg_catalog.pg_blocking_pids(?)) AS pid) blocker
          LEFT JOIN pg_catalog.pg_stat_activity activity ON activity.pid = blocker.pid
          LEFT JOIN (SELECT locktype, relation FROM pg_catalog.pg_locks WHERE pid = ? AND NOT granted LIMIT 1) waits
            ON true
         ORDER BY activity.xact_start NULLS LAST
         LIMIT 3
        """);

    private Blockers() {}

    /**
     * A clause such as {@code waits for a lock on messages held by pid 123 (psql, in transaction for 40 s)}; null while
     * nothing blocks it. Only members of pg_monitor see the age of another role's transaction; otherwise it is left
     * out.
     *
     * @param observer any connection other than the waiting one
     * @param pid of the backend that may be waiting
     */
    static @Nullable String of(Connection observer, int pid) throws SQLException {
        try (var query = observer.prepareStatement(BLOCKERS)) {
            query.setInt(1, pid);
            query.setInt(2, pid);
            try (var rows = query.executeQuery()) {
                return sentence(rows);
            }
        }
    }

    private static @Nullable String sentence(ResultSet rows) throws SQLException {
        var object = "";
        var holders = new ArrayList<String>();
        while (rows.next()) {
            object = object(rows.getString("locktype"), rows.getString("relation"));
            holders.add(holder(rows));
        }
        return holders.isEmpty() ? null : "waits for " + object + " held by " + String.join(" and ", holders);
    }

    private static String object(String lockType, @Nullable String relation) {
        return switch (lockType) {
            case "relation" -> "a lock on " + relation;
            case "tuple", "transactionid" -> "a row" + (relation == null ? "" : " of " + relation);
            // CREATE INDEX CONCURRENTLY waits for every transaction that may still see the table without the index.
            case "virtualxid" -> "the end of an older transaction";
            default -> "a lock";
        };
    }

    private static String holder(ResultSet row) throws SQLException {
        int pid = row.getInt("pid");
        if (pid == 0)
            return "a prepared transaction (SELECT gid FROM pg_prepared_xacts names it; COMMIT PREPARED or ROLLBACK"
                    + " PREPARED ends it)";
        var application = row.getString("application");
        long seconds = row.getLong("seconds");
        var age = row.wasNull() ? "" : "in transaction for " + seconds + " s";
        var about = application.isEmpty() || age.isEmpty() ? application + age : application + ", " + age;
        return "pid " + pid + (about.isEmpty() ? "" : " (" + about + ")");
    }
}
