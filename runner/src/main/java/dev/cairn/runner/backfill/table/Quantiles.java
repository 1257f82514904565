package dev.cairn.runner.backfill.table;

import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the places to cut a table into even parts: the quantiles of the keys on random pages. Gaps and skew in the keys
 * do not matter. The cost does not depend on the size of the table.
 */
public final class Quantiles {
    private static final int PAGES = 600;
    private static final String ALIAS = "cairn_walked";
    private static final String PAGES_OF = PinnedSql.of("""
        SELECT coalesce(sum(pg_catalog.pg_relation_size(part::oid)), 0)::bigint
               / pg_catalog.current_setting('block_size')::bigint
          FROM pg_catalog.unnest(CAST(? AS oid[])) part
        """);

    private static final String IS_LAST_OF_A_PART = PinnedSql.of("""
        cairn_rows >= ? AND cairn_row < cairn_rows
        AND (((cairn_row - 1) * ?) / cairn_rows) < ((cairn_row * ?) / cairn_rows)
        """);

    private final WalkedTable table;
    private final TableFamily parts;

    public Quantiles(WalkedTable table, TableFamily parts) {
        this.table = table;
        this.parts = parts;
    }

    /**
     * The keys that cut the table, up to a key, into this many parts, in order. There is one key less than parts, or
     * fewer for a small table.
     *
     * @param end the last key that counts
     * @param count 1 or more
     */
    public List<List<String>> cuts(Connection connection, List<String> end, int count) throws SQLException {
        long pages = pages(connection);
        // The sample of a small table is the whole table. Its parts are too small for separate workers.
        if (count == 1 || pages < count) return List.of();
        double percent = Math.min(100, 100.0 * PAGES / pages);
        var key = table.key();
        // The last row of each part but the last one.
        var sql = "SELECT " + key.asTexts("s") + " FROM (SELECT " + key.names(ALIAS)
                + ", pg_catalog.row_number() OVER w AS cairn_row, pg_catalog.count(*) OVER () AS cairn_rows FROM "
                + table.name() + " "
                + ALIAS
                + " TABLESAMPLE SYSTEM (?) REPEATABLE (1) WHERE "
                + key.between(null, end).predicate(ALIAS)
                + " WINDOW w AS (ORDER BY "
                + key.ascending(ALIAS) + ")) s WHERE " + IS_LAST_OF_A_PART
                + " ORDER BY cairn_row";
        return distinct(connection, sql, percent, end, count);
    }

    private long pages(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement(PAGES_OF)) {
            query.setObject(1, parts.all(), Types.OTHER);
            try (var rows = query.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private List<List<String>> distinct(Connection connection, String sql, double percent, List<String> end, int count)
            throws SQLException {
        try (var query = connection.prepareStatement(sql)) {
            query.setDouble(1, percent);
            int next = KeyScan.bind(query, 2, table.key().between(null, end).parameters());
            for (int n = 0; n < 3; n++) query.setInt(next + n, count);
            var cuts = new ArrayList<List<String>>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) cuts.add(table.key().read(rows));
            }
            cuts.remove(end);
            return cuts;
        }
    }
}
