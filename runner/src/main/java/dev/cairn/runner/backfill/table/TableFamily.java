package dev.cairn.runner.backfill.table;

import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * A table and the tables that inherit from it, such as its partitions.
 *
 * @param names of all of them, as {@code schema.name} without quotes
 * @param oids of all of them
 * @param shareKeys whether several rows may have the same key: rows of a parent table and of its children
 */
public record TableFamily(Set<String> names, Set<Long> oids, boolean shareKeys) {
    /** Counters of more tables than this cost too much. */
    private static final int MOST_MEASURED = 256;

    private static final String DESCENDANTS = PinnedSql.of("""
        WITH RECURSIVE t (oid) AS (SELECT ?::oid UNION
            SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN t ON i.inhparent = t.oid)
        SELECT n.nspname || '.' || c.relname, c.oid, c.relkind = 'p'
          FROM t JOIN pg_catalog.pg_class c ON c.oid = t.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        """);

    public static TableFamily of(Connection connection, long table) throws SQLException {
        try (var query = connection.prepareStatement(DESCENDANTS)) {
            query.setLong(1, table);
            var names = new HashSet<String>();
            var oids = new TreeSet<Long>();
            boolean isPartitioned = false;
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                    oids.add(rows.getLong(2));
                    if (rows.getLong(2) == table) isPartitioned = rows.getBoolean(3);
                }
            }
            return new TableFamily(names, oids, oids.size() > 1 && !isPartitioned);
        }
    }

    public boolean areFew() {
        return oids.size() <= MOST_MEASURED;
    }

    /** An array literal; empty if there are too many tables to measure with every batch. */
    public String measured() {
        return areFew() ? all() : "{}";
    }

    /** An array literal. */
    public String all() {
        return oids.toString().replace('[', '{').replace(']', '}');
    }
}
