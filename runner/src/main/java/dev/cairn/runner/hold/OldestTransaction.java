package dev.cairn.runner.hold;

import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Age of the oldest transaction that keeps VACUUM from removing dead tuples of the database: one with a snapshot or an
 * id, or a prepared one. VACUUM itself and this runner do not count.
 */
final class OldestTransaction implements Signal {
    private static final String AGE = PinnedSql.of("""
        SELECT coalesce(extract(epoch FROM max(clock_timestamp() - t.began)) * 1000, 0)::bigint
          FROM (SELECT a.xact_start AS began
                  FROM pg_catalog.pg_stat_activity a
                 WHERE a.datname = current_database() AND (a.backend_xid IS NOT NULL OR a.backend_xmin IS NOT NULL)
                   AND NOT (a.usename = session_user AND a.application_name = current_setting('application_name'))
                   AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_vacuum v WHERE v.pid = a.pid)
                 UNION ALL
                SELECT p.prepared FROM pg_catalog.pg_prepared_xacts p WHERE p.database = current_database()) t
        """);

    @Override
    public Reading read(Connection primary) throws SQLException {
        var missing = Rights.missing(primary);
        if (missing.isPresent()) return missing.get();
        try (var statement = primary.createStatement();
                var rows = statement.executeQuery(AGE)) {
            rows.next();
            return Reading.Amount.of(rows.getLong(1));
        }
    }
}
