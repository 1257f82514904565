package dev.cairn.runner.schema;

import dev.cairn.runner.report.Log;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.session.Transaction;
import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An INVALID index that an attempt left. {@code DROP INDEX CONCURRENTLY} names an index, runs in no transaction, and
 * waits. During the wait another session may rebuild or replace the index. So Cairn first renames the index, under a
 * lock that prevents builds, and then drops it by the new name. Only leftovers have such names.
 *
 * @param oid of the index
 * @param name qualified and quoted
 * @param schema of index and table, quoted
 * @param table qualified and quoted
 * @param isOfTable whether LOCK TABLE accepts its table: it does not accept materialized views and TOAST tables
 */
record LeftoverIndex(long oid, String name, String schema, String table, boolean isOfTable) {
    private static final String INVALID = """
        SELECT class.oid, pg_catalog.quote_ident(space.nspname) AS schema,
               pg_catalog.format('%I.%I', space.nspname, class.relname) AS name,
               pg_catalog.format('%I.%I', space.nspname, owner.relname) AS table_name,
               owner.relkind = 'r'::"char" AS lockable
          FROM pg_catalog.pg_index index
          JOIN pg_catalog.pg_class class ON class.oid = index.indexrelid
          JOIN pg_catalog.pg_class owner ON owner.oid = index.indrelid
          JOIN pg_catalog.pg_namespace space ON space.oid = class.relnamespace
         WHERE NOT (index.indisvalid AND index.indisready AND index.indislive)
        """;

    private static final String NAMED = PinnedSql.of(INVALID + " AND class.oid = pg_catalog.to_regclass(?)");

    /** The name contains the oid of its index, so that no other index counts as a leftover. */
    private static final String RENAMED = PinnedSql.of(INVALID + """
           AND class.relname = ('cairn_drop_' || class.oid::text)::name
           AND pg_catalog.pg_has_role(class.relowner, 'USAGE')
        """);

    private static final String NAME_NOW = PinnedSql.of("""
        SELECT pg_catalog.format('%I.%I', space.nspname, class.relname)
          FROM pg_catalog.pg_class class
          JOIN pg_catalog.pg_namespace space ON space.oid = class.relnamespace
         WHERE class.oid = ?
        """);

    /**
     * The INVALID index of this name.
     *
     * @param index qualified and quoted
     */
    static Optional<LeftoverIndex> named(Connection connection, String index) throws SQLException {
        return query(connection, NAMED, index).stream().findFirst();
    }

    /** Drops indexes that an earlier start renamed but did not drop. */
    static void dropRenamed(Session session) throws SQLException {
        for (var leftover : query(session.connection(), RENAMED, null)) leftover.dropNamed(session, leftover.name);
    }

    private static List<LeftoverIndex> query(Connection connection, String sql, @Nullable String name)
            throws SQLException {
        try (var query = connection.prepareStatement(sql)) {
            if (name != null) query.setString(1, name);
            var found = new ArrayList<LeftoverIndex>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) found.add(read(rows));
            }
            return found;
        }
    }

    private static LeftoverIndex read(ResultSet row) throws SQLException {
        return new LeftoverIndex(
                row.getLong("oid"),
                row.getString("name"),
                row.getString("schema"),
                row.getString("table_name"),
                row.getBoolean("lockable"));
    }

    /**
     * Waits until no session builds on its table. Then it drops the index if the index is still INVALID.
     *
     * @return false if it is gone or no longer INVALID: another session dropped or rebuilt it
     */
    boolean drop(Session session) throws SQLException {
        if (!isOfTable) {
            // The server drops only INVALID indexes of a TOAST table.
            dropNamed(session, name);
            return true;
        }
        var renamed = "cairn_drop_" + oid;
        boolean isMine = Transaction.in(session.connection(), connection -> {
            session.execute("LOCK TABLE " + table + " IN SHARE UPDATE EXCLUSIVE MODE");
            if (!named(connection, name).equals(Optional.of(this))) return false;
            session.execute("ALTER INDEX " + name + " RENAME TO " + renamed);
            return true;
        });
        if (isMine) dropNamed(session, schema + "." + renamed);
        return isMine;
    }

    private void dropNamed(Session session, String nameNow) throws SQLException {
        Log.info("drops the INVALID index " + name + " that an interrupted attempt left");
        session.execute("DROP INDEX CONCURRENTLY IF EXISTS " + nameNow);
    }

    /** @return the result, a clause for the message of the failure that left it */
    String dropInTime(Session session) throws SQLException {
        session.limitLockWaits(false);
        try {
            return drop(session)
                    ? "the INVALID index " + name + " that this left is dropped"
                    : "the INVALID index " + name + " that this left was mended or dropped by somebody else meanwhile";
        } catch (SQLException e) {
            if (SqlFailures.kind(e) == SqlFailures.Kind.CONNECTION_LOST) throw e;
            var now = nameNow(session.connection());
            return "it left the INVALID index " + now + (now.equals(name) ? "" : " (renamed from " + name + ")")
                    + ", which could not be dropped (" + SqlFailures.text(e)
                    + ") and slows down every write. The next start drops it, and so does DROP INDEX CONCURRENTLY "
                    + now;
        }
    }

    private String nameNow(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement(NAME_NOW)) {
            query.setLong(1, oid);
            try (var rows = query.executeQuery()) {
                return rows.next() ? rows.getString(1) : name;
            }
        }
    }
}
