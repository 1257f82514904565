package dev.cairn.runner.hold;

import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.SQLException;

/** Dead tuples of a table and its descendants, from the server's statistics. */
final class DeadTuples implements Signal {
    private static final String COUNT = PinnedSql.of("""
        WITH RECURSIVE t (oid) AS (SELECT pg_catalog.to_regclass(?)::pg_catalog.oid UNION
            SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN t ON i.inhparent = t.oid)
        SELECT bool_and(t.oid IS NOT NULL) AS found, current_setting('track_counts')::bool AS counted,
               coalesce(sum(pg_catalog.pg_stat_get_dead_tuples(t.oid)), 0)::bigint AS dead
          FROM t
        """);

    private final String table;

    /** @param table an SQL name */
    DeadTuples(String table) {
        this.table = table;
    }

    @Override
    public Reading read(Connection primary) throws SQLException {
        try (var query = primary.prepareStatement(COUNT)) {
            query.setString(1, table);
            try (var rows = query.executeQuery()) {
                rows.next();
                if (!rows.getBoolean("found")) return new Reading.Unknown("there is no table " + table);
                if (!rows.getBoolean("counted"))
                    return new Reading.Unknown("the server does not count them: set track_counts to on");
                return Reading.Amount.of(rows.getLong("dead"));
            }
        }
    }
}
