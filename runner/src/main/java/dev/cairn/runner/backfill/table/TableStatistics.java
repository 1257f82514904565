package dev.cairn.runner.backfill.table;

import dev.cairn.runner.backfill.key.KeyColumn;
import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The catalogue's facts about the cost of a table.
 *
 * @param tables that have its rows: itself, or its partitions
 * @param neverAnalysed how many of them have no statistics
 * @param pages of all of them, as the statistics estimate
 * @param secondaryIndexes besides the key's index
 * @param keyIndexes the key's indexes, of the table and its partitions, as the catalogue spells them
 * @param rowTriggers the users' row triggers, by name
 * @param columns the order of NOT NULL columns on the disk, from the largest of the tables
 */
public record TableStatistics(
        long tables,
        long neverAnalysed,
        long pages,
        long secondaryIndexes,
        Set<String> keyIndexes,
        List<String> rowTriggers,
        List<Column> columns) {
    private static final String SIZES = PinnedSql.of("""
        SELECT count(*), count(*) FILTER (WHERE c.reltuples < 0), coalesce(sum(c.relpages), 0)::bigint,
               (SELECT count(*) FROM pg_catalog.pg_index i WHERE i.indrelid = ?) AS indexes,
               ARRAY(SELECT DISTINCT t.tgname::text FROM pg_catalog.pg_trigger t
                      WHERE t.tgrelid = ANY (CAST(? AS oid[])) AND NOT t.tgisinternal AND t.tgenabled <> 'D'
                        AND (t.tgtype & 1) = 1 ORDER BY 1) AS triggers
          FROM pg_catalog.pg_class c WHERE c.oid = ANY (CAST(? AS oid[])) AND c.relkind <> 'p'
        """);

    /** Unique indexes with exactly the columns of the key, in its order. */
    private static final String KEY_INDEXES = PinnedSql.of("""
        SELECT x.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
         WHERE i.indrelid = ANY (CAST(? AS oid[])) AND i.indisunique AND i.indpred IS NULL
           AND ARRAY(SELECT a.attname::text FROM pg_catalog.generate_series(1, i.indnkeyatts) k (n)
                       JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n - 1]
                      ORDER BY k.n) = CAST(? AS text[])
        """);

    /** A column with few values cannot be the first of a key. */
    private static final String COLUMNS = PinnedSql.of("""
        SELECT s.attname, s.correlation, s.n_distinct < -0.01 OR s.n_distinct > 10000 AS is_fine
          FROM (SELECT c.oid, c.relname, c.relnamespace FROM pg_catalog.pg_class c
                 WHERE c.oid = ANY (CAST(? AS oid[])) AND c.relkind = 'r' ORDER BY c.relpages DESC LIMIT 1) c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_catalog.pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND NOT s.inherited
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname AND a.attnotnull
         WHERE s.correlation IS NOT NULL ORDER BY abs(s.correlation) DESC, s.attname
        """);

    /**
     * A column that is never null.
     *
     * @param correlation between its order and the order of the rows on the disk: 1 or -1 for the same, 0 for none
     * @param hasManyValues whether it could be the first column of a key
     */
    public record Column(String name, double correlation, boolean hasManyValues) {}

    public static TableStatistics of(Connection connection, WalkedTable table, TableFamily parts) throws SQLException {
        try (var query = connection.prepareStatement(SIZES)) {
            query.setLong(1, table.oid());
            query.setObject(2, parts.all(), Types.OTHER);
            query.setObject(3, parts.all(), Types.OTHER);
            try (var rows = query.executeQuery()) {
                rows.next();
                return new TableStatistics(
                        rows.getLong(1),
                        rows.getLong(2),
                        rows.getLong(3),
                        Math.max(0, rows.getLong("indexes") - 1),
                        keyIndexes(connection, table, parts),
                        List.of((String[]) rows.getArray("triggers").getArray()),
                        columns(connection, parts));
            }
        }
    }

    private static Set<String> keyIndexes(Connection connection, WalkedTable table, TableFamily parts)
            throws SQLException {
        try (var query = connection.prepareStatement(KEY_INDEXES)) {
            query.setObject(1, parts.all(), Types.OTHER);
            query.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            table.key().columns().stream().map(KeyColumn::name).toArray()));
            var names = new TreeSet<String>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) names.add(rows.getString(1));
            }
            return names;
        }
    }

    private static List<Column> columns(Connection connection, TableFamily parts) throws SQLException {
        try (var query = connection.prepareStatement(COLUMNS)) {
            query.setObject(1, parts.all(), Types.OTHER);
            var columns = new ArrayList<Column>();
            try (var rows = query.executeQuery()) {
                while (rows.next())
                    columns.add(new Column(rows.getString(1), rows.getDouble(2), rows.getBoolean("is_fine")));
            }
            return columns;
        }
    }
}
