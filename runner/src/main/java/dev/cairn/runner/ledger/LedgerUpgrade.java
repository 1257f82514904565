package dev.cairn.runner.ledger;

import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Adds the columns of {@link LedgerAdditions} to a ledger. Several starts may do it at the same time, while runners of
 * version 0.1 work. It locks each table briefly, in a separate transaction. Readers of the ledger must not wait behind
 * a long transaction.
 */
final class LedgerUpgrade {
    /** The longest time that other sessions wait behind this lock. */
    private static final String BRIEFLY = "SET LOCAL lock_timeout = '500ms'";

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static final String OWNER = """
        SELECT pg_catalog.pg_get_userbyid(c.relowner), current_user,
               pg_catalog.pg_has_role(c.relowner, 'USAGE')
          FROM pg_catalog.pg_class c
         WHERE c.oid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.regclass)
        """;

    private static final String HOLDERS = """
        SELECT pg_catalog.string_agg(pg_catalog.concat('pid ', a.pid, ' (', a.application_name, ', in transaction since ',
                                     a.xact_start, ')'), ' and ')
          FROM pg_catalog.pg_stat_activity a
         WHERE a.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()
           AND EXISTS (SELECT FROM pg_catalog.pg_locks l
                        WHERE l.pid OPERATOR(pg_catalog.=) a.pid AND l.granted
                          AND l.relation OPERATOR(pg_catalog.=) CAST(CAST(? AS pg_catalog.regclass) AS pg_catalog.oid))
        """;

    private final String schema;

    LedgerUpgrade(String schema) {
        this.schema = schema;
    }

    /**
     * Writes nothing where the ledger has all columns.
     *
     * @throws MigrationFailure with {@link Reason#AccessDenied} if the role does not own the tables, with {@link
     *     Reason#LockTimeout} while another session uses a table: nothing is lost, try again
     */
    void ensure(Connection connection) throws SQLException {
        if (isDone(connection)) return;
        requireOwner(connection);
        for (var table : LedgerAdditions.TABLES) add(connection, table);
        Log.info("ledger: upgraded in schema " + schema);
    }

    /** The column {@code revision} may not exist yet. */
    private boolean isDone(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                    SELECT CAST(pg_catalog.jsonb_extract_path_text(pg_catalog.to_jsonb(v), 'revision') AS pg_catalog.int4)
                      FROM %s.version v
                    """.formatted(Ledger.quote(schema)))) {
            return rows.next() && rows.getInt(1) >= LedgerAdditions.REVISION;
        }
    }

    private void add(Connection connection, LedgerAdditions.Table table) throws SQLException {
        try {
            Transaction.run(connection, c -> {
                try (var statement = c.createStatement()) {
                    statement.execute("SET LOCAL search_path = pg_catalog, pg_temp");
                    statement.execute(BRIEFLY);
                    statement.execute(Installation.LOCK);
                    if (!isDone(c)) statement.execute(table.sql(Ledger.quote(schema)));
                }
            });
        } catch (SQLException e) {
            if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) throw e;
            throw inUse(connection, table, e);
        }
    }

    private MigrationFailure inUse(Connection connection, LedgerAdditions.Table table, SQLException cause)
            throws SQLException {
        try (var query = connection.prepareStatement(HOLDERS)) {
            query.setString(1, Ledger.quote(schema) + "." + table.name());
            try (var rows = query.executeQuery()) {
                var holders = rows.next() ? rows.getString(1) : null;
                return new MigrationFailure(
                        Reason.LockTimeout,
                        "the ledger in schema " + schema + " is of an older version of Cairn, and its table "
                                + table.name() + " cannot be upgraded while "
                                + (holders == null ? "others use it" : holders + " uses it")
                                + ": end that transaction, or wait for it",
                        cause.getSQLState(),
                        null,
                        cause);
            }
        }
    }

    private void requireOwner(Connection connection) throws SQLException {
        for (var table : LedgerAdditions.TABLES) {
            try (var query = connection.prepareStatement(OWNER)) {
                query.setString(1, Ledger.quote(schema) + "." + table.name());
                try (var rows = query.executeQuery()) {
                    rows.next();
                    if (!rows.getBoolean(3)) throw notOwner(rows.getString(1), rows.getString(2));
                }
            }
        }
    }

    private MigrationFailure notOwner(String owner, String me) {
        return new MigrationFailure(
                Reason.AccessDenied,
                "the ledger in schema " + schema + " is of an older version of Cairn, and the role " + Ledger.quote(me)
                        + " may not upgrade it: run as " + Ledger.quote(owner) + ": "
                        + LedgerAdditions.sql(Ledger.quote(schema)),
                "42501",
                null,
                null);
    }
}
