package dev.cairn.runner.schema;

import dev.cairn.runner.sql.TransactionMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The indexes in the scope of a REINDEX: those of a table or of an index's table, with partitions and TOAST tables;
 * those of a schema; or those of the database.
 *
 * @param of the kind of object that the command names
 * @param name of the object, qualified for an index or a table; null for the database
 */
record ReindexScope(TransactionMode.Reindex.Of of, @Nullable String name) {
    /** The indexes of the scope that are INVALID or have a name in the form of REINDEX CONCURRENTLY. */
    private static final String SUSPECTS = """
        WITH root AS (SELECT CAST(pg_catalog.to_regclass(?) AS pg_catalog.oid) AS oid),
             member AS (
               SELECT root.oid FROM root
                UNION ALL
               SELECT CAST(tree.relid AS pg_catalog.oid)
                 FROM root, LATERAL pg_catalog.pg_partition_tree(CAST(root.oid AS pg_catalog.regclass)) tree),
             main AS (
               SELECT class.oid, class.reltoastrelid, class.relname, class.relnamespace, class.relkind
                 FROM pg_catalog.pg_class class
                WHERE class.relkind OPERATOR(pg_catalog.=) ANY (CAST('{r,m,p}' AS pg_catalog."char"[]))
                  AND (EXISTS (SELECT FROM member WHERE member.oid OPERATOR(pg_catalog.=) class.oid)
                       OR EXISTS (SELECT FROM member JOIN pg_catalog.pg_index index
                                    ON index.indexrelid OPERATOR(pg_catalog.=) member.oid
                                 WHERE index.indrelid OPERATOR(pg_catalog.=) class.oid)
                       OR class.relnamespace OPERATOR(pg_catalog.=)
                          CAST(pg_catalog.to_regnamespace(?) AS pg_catalog.oid)
                       OR ? AND class.relnamespace OPERATOR(pg_catalog.<>)
                          CAST(CAST('pg_catalog' AS pg_catalog.regnamespace) AS pg_catalog.oid))),
             relation AS (
               SELECT main.oid, main.oid AS main FROM main
                UNION ALL
               SELECT main.reltoastrelid, main.oid FROM main)
        SELECT pg_catalog.format('%I.%I', space.nspname, class.relname) AS name,
               pg_catalog.format('%I.%I', main_space.nspname, main.relname) AS table_name,
               main.relkind OPERATOR(pg_catalog.<>) CAST('m' AS pg_catalog."char") AS lockable,
               class.relname OPERATOR(pg_catalog.~) CAST('_cc(new|old)[0-9]*$' AS pg_catalog.text) AS transient,
               NOT (index.indisvalid AND index.indisready AND index.indislive) AS invalid,
               EXISTS (SELECT FROM member WHERE member.oid OPERATOR(pg_catalog.=) index.indexrelid) AS named,
               EXISTS (SELECT FROM pg_catalog.pg_index twin
                        WHERE twin.indrelid OPERATOR(pg_catalog.=) index.indrelid
                          AND twin.indexrelid OPERATOR(pg_catalog.<>) index.indexrelid
                          AND CAST(twin.indkey AS pg_catalog.text) OPERATOR(pg_catalog.=)
                              CAST(index.indkey AS pg_catalog.text)
                          AND CAST(twin.indclass AS pg_catalog.text) OPERATOR(pg_catalog.=)
                              CAST(index.indclass AS pg_catalog.text)
                          AND CAST(twin.indcollation AS pg_catalog.text) OPERATOR(pg_catalog.=)
                              CAST(index.indcollation AS pg_catalog.text)
                          AND CAST(twin.indoption AS pg_catalog.text) OPERATOR(pg_catalog.=)
                              CAST(index.indoption AS pg_catalog.text)
                          AND coalesce(pg_catalog.pg_get_expr(twin.indexprs, twin.indrelid), '') OPERATOR(pg_catalog.=)
                              coalesce(pg_catalog.pg_get_expr(index.indexprs, index.indrelid), '')
                          AND coalesce(pg_catalog.pg_get_expr(twin.indpred, twin.indrelid), '') OPERATOR(pg_catalog.=)
                              coalesce(pg_catalog.pg_get_expr(index.indpred, index.indrelid), '')) AS copy,
               EXISTS (SELECT FROM pg_catalog.pg_locks locks
                        WHERE locks.locktype OPERATOR(pg_catalog.=) CAST('relation' AS pg_catalog.text)
                          AND locks.relation OPERATOR(pg_catalog.=) index.indrelid
                          AND locks.mode OPERATOR(pg_catalog.=) CAST('ShareUpdateExclusiveLock' AS pg_catalog.text)
                          AND locks.granted
                          AND locks.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()) AS busy
          FROM relation
          JOIN main ON main.oid OPERATOR(pg_catalog.=) relation.main
          JOIN pg_catalog.pg_namespace main_space ON main_space.oid OPERATOR(pg_catalog.=) main.relnamespace
          JOIN pg_catalog.pg_index index ON index.indrelid OPERATOR(pg_catalog.=) relation.oid
          JOIN pg_catalog.pg_class class ON class.oid OPERATOR(pg_catalog.=) index.indexrelid
          JOIN pg_catalog.pg_namespace space ON space.oid OPERATOR(pg_catalog.=) class.relnamespace
         WHERE class.relkind OPERATOR(pg_catalog.=) CAST('i' AS pg_catalog."char")
           AND (NOT (index.indisvalid AND index.indisready AND index.indislive)
                OR class.relname OPERATOR(pg_catalog.~) CAST('_cc(new|old)[0-9]*$' AS pg_catalog.text))
        """;

    private static final String QUALIFIED = """
        SELECT pg_catalog.format('%I.%I', space.nspname, class.relname)
          FROM pg_catalog.pg_class class
          JOIN pg_catalog.pg_namespace space ON space.oid OPERATOR(pg_catalog.=) class.relnamespace
         WHERE class.oid OPERATOR(pg_catalog.=) CAST(pg_catalog.to_regclass(?) AS pg_catalog.oid)
        """;

    /**
     * An index that may be a leftover.
     *
     * @param name qualified and quoted
     * @param table its table, or the table of its TOAST table, qualified and quoted
     * @param lockable whether LOCK TABLE accepts the table
     * @param transientName whether its name has the form of REINDEX CONCURRENTLY
     * @param invalid whether it is INVALID
     * @param named whether the command names it, or a partitioned index that it belongs to
     * @param copy whether another index of its table has the same definition
     * @param busy whether another session holds the lock of a build, and so may build it
     */
    record Suspect(
            String name,
            String table,
            boolean lockable,
            boolean transientName,
            boolean invalid,
            boolean named,
            boolean copy,
            boolean busy) {}

    /** @return the scope with a qualified name, if the object exists */
    static ReindexScope of(Connection connection, TransactionMode.Reindex reindex) throws SQLException {
        return switch (reindex.of()) {
            case DATABASE -> new ReindexScope(reindex.of(), null);
            case SCHEMA -> new ReindexScope(reindex.of(), reindex.name());
            case INDEX, TABLE -> new ReindexScope(reindex.of(), qualified(connection, reindex.name()));
        };
    }

    List<Suspect> suspects(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement(SUSPECTS)) {
            boolean isRelation = of == TransactionMode.Reindex.Of.INDEX || of == TransactionMode.Reindex.Of.TABLE;
            query.setString(1, isRelation ? name : null);
            query.setString(2, of == TransactionMode.Reindex.Of.SCHEMA ? name : null);
            query.setBoolean(3, of == TransactionMode.Reindex.Of.DATABASE);
            var found = new ArrayList<Suspect>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) found.add(suspect(rows));
            }
            return found;
        }
    }

    private static Suspect suspect(ResultSet row) throws SQLException {
        return new Suspect(
                row.getString("name"),
                row.getString("table_name"),
                row.getBoolean("lockable"),
                row.getBoolean("transient"),
                row.getBoolean("invalid"),
                row.getBoolean("named"),
                row.getBoolean("copy"),
                row.getBoolean("busy"));
    }

    private static String qualified(Connection connection, String name) throws SQLException {
        try (var query = connection.prepareStatement(QUALIFIED)) {
            query.setString(1, name);
            try (var rows = query.executeQuery()) {
                // If the object does not exist, the server reports it.
                return rows.next() ? rows.getString(1) : name;
            }
        }
    }
}
