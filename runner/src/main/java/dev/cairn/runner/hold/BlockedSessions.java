package dev.cairn.runner.hold;

import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.SQLException;

/** Sessions of the server that wait for a lock, this runner's own left out. */
final class BlockedSessions implements Signal {
    private static final String BLOCKED = PinnedSql.of("""
        SELECT count(DISTINCT l.pid)
          FROM pg_catalog.pg_locks l
         WHERE NOT l.granted
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a
                            WHERE a.pid = l.pid AND a.usename = session_user
                              AND a.application_name = current_setting('application_name'))
        """);

    @Override
    public Reading read(Connection primary) throws SQLException {
        try (var statement = primary.createStatement();
                var rows = statement.executeQuery(BLOCKED)) {
            rows.next();
            return Reading.Amount.of(rows.getLong(1));
        }
    }
}
