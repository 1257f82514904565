package dev.cairn.runner.schema;

import dev.cairn.runner.sql.PinnedSql;
import dev.cairn.runner.sql.TransactionMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The state of an index in the catalogue.
 *
 * @param name qualified and quoted
 * @param standing the kind of object with that name
 */
record IndexState(String name, Standing standing) {
    /** The server parses the name, by its own rules of quoting and folding. */
    private static final String STATE = PinnedSql.of("""
        SELECT pg_catalog.quote_ident(space.nspname) || '.' || pg_catalog.quote_ident(wanted.name) AS name,
               found.oid IS NOT NULL AS present,
               coalesce(index.indrelid = relation.oid, false) AS ours,
               coalesce(index.indisvalid AND index.indisready, false) AS valid
          FROM pg_catalog.pg_class relation
          JOIN pg_catalog.pg_namespace space ON space.oid = relation.relnamespace
         CROSS JOIN (SELECT (pg_catalog.parse_ident(?))[1]::name AS name) wanted
          LEFT JOIN pg_catalog.pg_class found
            ON found.relnamespace = relation.relnamespace AND found.relname = wanted.name
          LEFT JOIN pg_catalog.pg_index index ON index.indexrelid = found.oid
         WHERE relation.oid = pg_catalog.to_regclass(?)
        """);

    enum Standing {
        ABSENT,
        VALID,
        INVALID,
        /** Another object has the name. */
        FOREIGN,
        /** The table does not exist. */
        NO_TABLE
    }

    static IndexState of(Connection connection, TransactionMode.BuildIndex build) throws SQLException {
        try (var query = connection.prepareStatement(STATE)) {
            query.setString(1, build.index());
            query.setString(2, build.table());
            try (var rows = query.executeQuery()) {
                if (!rows.next()) return new IndexState(build.index(), Standing.NO_TABLE);
                return new IndexState(rows.getString("name"), standing(rows));
            }
        }
    }

    private static Standing standing(ResultSet row) throws SQLException {
        if (!row.getBoolean("present")) return Standing.ABSENT;
        if (!row.getBoolean("ours")) return Standing.FOREIGN;
        return row.getBoolean("valid") ? Standing.VALID : Standing.INVALID;
    }
}
