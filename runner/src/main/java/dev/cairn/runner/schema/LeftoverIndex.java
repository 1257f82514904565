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
 * An INVALID index that an attempt left. {@code DROP INDEX CONCURRENTLY} takes an index by its name, runs in no
 * transaction, and waits: by then somebody may have mended the index or put another one in its place. So the index first
 * gets a name that only a leftover has, while a lock keeps everybody from building, and is dropped by that name.
 *
 * @param oid of the index
 * @param name qualified and quoted
 * @param schema of index and table, quoted
 * @param table qualified and quoted
 * @param isOfTable whether LOCK TABLE takes its table: a materialized view and a TOAST table cannot be locked by name
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

    /** The name says which index it was given to, so that nothing else is taken for a leftover. */
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

    /** Drops what was on its way out when an earlier start ended. */
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
     * Waits until nobody builds on its table, and drops the index if it is still INVALID then.
     *
     * @return false if it is gone or not INVALID any more: somebody else has seen to it
     */
    boolean drop(Session session) throws SQLException {
        if (!isOfTable) {
            // Of a TOAST table, the server itself drops no index but an INVALID one.
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

    /** @return what became of it, a clause for the message of the failure that left it */
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
