package dev.cairn.runner.hold;

import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.SQLException;

/** The primary's write-ahead log. */
final class Wal {
    private static final String POSITION =
            PinnedSql.of("SELECT (pg_catalog.pg_current_wal_lsn() - '0/0'::pg_catalog.pg_lsn)::bigint");

    private Wal() {}

    /**
     * Its present position, in bytes.
     *
     * @throws SQLException also where the server is no longer a primary
     */
    static long position(Connection primary) throws SQLException {
        try (var statement = primary.createStatement();
                var rows = statement.executeQuery(POSITION)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
