package dev.cairn.runner.backfill.key;

import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A unique index that can be the key of a walk.
 *
 * @param name of the index
 * @param primary whether it belongs to the primary key
 * @param key its columns
 */
public record UniqueIndex(String name, boolean primary, Key key) {
    /**
     * The operator class must be the type's default, and a plain {@code >} must find its operators. Rows are compared
     * with {@code >} and ordered by the type's default, and both must be the same order.
     */
    private static final String SELECT = PinnedSql.of("""
        SELECT x.relname, i.indisprimary,
               array_agg(a.attname::text ORDER BY k.n) AS names,
               array_agg(pg_catalog.format_type(a.atttypid, a.atttypmod) ORDER BY k.n) AS types,
               array_agg(ty.typnamespace = 'pg_catalog'::regnamespace ORDER BY k.n) AS catalog_types,
               array_agg(op.oprnamespace = 'pg_catalog'::regnamespace ORDER BY k.n) AS catalog_operators,
               array_agg(CASE WHEN o.oid IS NULL OR o.oid = a.attcollation THEN ''
                         ELSE pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(o.collname) END
                         ORDER BY k.n) AS collations,
               array_agg(coalesce(
                   pg_catalog.pg_collation_actual_version(o.oid),
                   -- The database's own: PostgreSQL 14 tells its version only of the collation that it is.
                   (SELECT pg_catalog.pg_collation_actual_version(l.oid)
                      FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()
                     WHERE o.collprovider = 'd' AND l.collprovider = 'c'
                       AND lower(replace(l.collcollate, '-', '')) = lower(replace(d.datcollate, '-', ''))
                     ORDER BY l.oid LIMIT 1),
                   '') ORDER BY k.n) AS versions,
               array_agg(coalesce(pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(o.collname), '')
                         ORDER BY k.n) AS orders
          FROM pg_catalog.pg_index i
          JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
          JOIN pg_catalog.pg_am m ON m.oid = x.relam AND m.amname = 'btree'
         CROSS JOIN LATERAL pg_catalog.generate_series(1, i.indnkeyatts) AS k (n)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n - 1]
          JOIN pg_catalog.pg_type ty ON ty.oid = a.atttypid
          JOIN pg_catalog.pg_opclass c ON c.oid = i.indclass[k.n - 1]
          JOIN pg_catalog.pg_amop p ON p.amopfamily = c.opcfamily AND p.amopstrategy = 5
               AND p.amoplefttype = c.opcintype AND p.amoprighttype = c.opcintype
          JOIN pg_catalog.pg_operator op ON op.oid = p.amopopr
          -- From PostgreSQL 18 on NOT NULL may not be validated yet.
          LEFT JOIN pg_catalog.pg_constraint v ON v.conrelid = i.indrelid AND v.contype = 'n' AND NOT v.convalidated
               AND a.attnum = ANY (v.conkey)
          LEFT JOIN pg_catalog.pg_collation o ON o.oid = i.indcollation[k.n - 1]
          LEFT JOIN pg_catalog.pg_namespace n ON n.oid = o.collnamespace
         WHERE i.indrelid = ? AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
         GROUP BY x.relname, i.indisprimary
        HAVING bool_and(a.attnotnull AND v.conkey IS NULL AND c.opcdefault
                        AND (op.oprnamespace = 'pg_catalog'::regnamespace OR pg_catalog.pg_operator_is_visible(op.oid)))
         ORDER BY i.indisprimary DESC, x.relname
        """);

    /** All such indexes of a table, that of the primary key first. */
    public static List<UniqueIndex> of(Connection connection, long table) throws SQLException {
        try (var query = connection.prepareStatement(SELECT)) {
            query.setLong(1, table);
            var found = new ArrayList<UniqueIndex>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) found.add(index(rows));
            }
            return found;
        }
    }

    public List<String> names() {
        return key.columns().stream().map(KeyColumn::name).toList();
    }

    /** Such as {@code messages_slug_key (slug)}. */
    @Override
    public String toString() {
        return name + " (" + String.join(", ", names()) + ")";
    }

    private static UniqueIndex index(ResultSet rows) throws SQLException {
        var names = texts(rows, "names");
        var types = texts(rows, "types");
        var collations = texts(rows, "collations");
        var versions = texts(rows, "versions");
        var orders = texts(rows, "orders");
        var catalogTypes = booleans(rows, "catalog_types");
        var catalogOperators = booleans(rows, "catalog_operators");
        var columns = IntStream.range(0, names.length)
                .mapToObj(n -> new KeyColumn(
                        names[n],
                        types[n],
                        collations[n],
                        versions[n],
                        orders[n],
                        catalogTypes[n],
                        catalogOperators[n]))
                .toList();
        return new UniqueIndex(rows.getString("relname"), rows.getBoolean("indisprimary"), new Key(columns));
    }

    private static Boolean[] booleans(ResultSet rows, String column) throws SQLException {
        return (Boolean[]) rows.getArray(column).getArray();
    }

    private static String[] texts(ResultSet rows, String column) throws SQLException {
        return (String[]) rows.getArray(column).getArray();
    }
}
