package dev.cairn.runner.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table {@code walk}: what the first start of a backfill froze. */
public final class Walks {
    private static final String SELECT = """
        SELECT over_json, relation, key_columns, key_types, key_collations, collation_versions
          FROM %s.walk WHERE scope = ? AND kind = ? AND name = ?
        """;
    private static final String INSERT = """
        INSERT INTO %s.walk (scope, kind, name, over_json, relation, key_columns, key_types, key_collations,
                             collation_versions, relation_oid, ledger_oid)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, pg_catalog.to_regclass(?)::oid, CAST(? AS regclass)::oid)
        """;
    /** In a copy of the database the ledger has another oid, too. Then the oid of the table proves nothing. */
    private static final String SAME_TABLE = """
        SELECT ledger_oid <> tableoid
               OR coalesce(relation_oid, 0::oid) = coalesce(pg_catalog.to_regclass(relation)::oid, 0::oid)
          FROM %s.walk WHERE scope = ? AND kind = ? AND name = ?
        """;

    private static final String EARLIER = """
        SELECT earlier_walks, earlier_rows, earlier_idle FROM %s.walk WHERE scope = ? AND kind = ? AND name = ?
        """;
    private static final String AGAIN = """
        UPDATE %s.walk SET earlier_walks = ?, earlier_rows = ?, earlier_idle = ?
         WHERE scope = ? AND kind = ? AND name = ?
        """;
    private static final String STATEMENT = "SELECT statement FROM %s.walk WHERE scope = ? AND kind = ? AND name = ?";
    private static final String SET_STATEMENT =
            "UPDATE %s.walk SET statement = ? WHERE scope = ? AND kind = ? AND name = ?";
    private static final String DELETE = "DELETE FROM %s.walk WHERE scope = ? AND kind = ? AND name = ?";

    private final Ledger ledger;

    Walks(Ledger ledger) {
        this.ledger = ledger;
    }

    /** What was frozen; empty before a start has frozen it. */
    public Optional<WalkRow> read(Connection connection) throws SQLException {
        try (var query = ledger.prepare(connection, SELECT)) {
            ledger.identity(query, 1);
            try (var rows = query.executeQuery()) {
                if (!rows.next()) return Optional.empty();
                return Optional.of(new WalkRow(
                        rows.getString("over_json"),
                        rows.getString("relation"),
                        texts(rows, "key_columns"),
                        texts(rows, "key_types"),
                        texts(rows, "key_collations"),
                        texts(rows, "collation_versions")));
            }
        }
    }

    /**
     * Records a new walk and its ranges, which {@code token} owns. This commit is durable, even where batches commit
     * asynchronously.
     */
    public void begin(Connection connection, UUID token, WalkRow walk, List<RangeRow> ranges) throws SQLException {
        Migrations.durable(connection);
        try (var insert = ledger.prepare(connection, INSERT)) {
            ledger.identity(insert, 1);
            insert.setString(4, walk.over());
            insert.setString(5, walk.relation());
            insert.setArray(6, Ledger.texts(connection, walk.columns()));
            insert.setArray(7, Ledger.texts(connection, walk.types()));
            insert.setArray(8, Ledger.texts(connection, walk.collations()));
            insert.setArray(9, Ledger.texts(connection, walk.collationVersions()));
            insert.setString(10, walk.relation());
            insert.setString(11, Ledger.quote(ledger.schema()) + ".walk");
            insert.executeUpdate();
        }
        ledger.ranges().replace(connection, token, ranges);
    }

    /** Whether the table is the one on which the walk began. Another table may have its name now. */
    public boolean isOnSameTable(Connection connection) throws SQLException {
        try (var query = ledger.prepare(connection, SAME_TABLE)) {
            ledger.identity(query, 1);
            try (var rows = query.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    /** Whether the walk uses this statement, or used it until its end. */
    public boolean isWith(Connection connection, String statement) throws SQLException {
        try (var query = ledger.prepare(connection, STATEMENT)) {
            ledger.identity(query, 1);
            try (var rows = query.executeQuery()) {
                return rows.next() && statement.equals(rows.getString(1));
            }
        }
    }

    /** Records that the walk uses this statement from now on. */
    public void goOnWith(Connection connection, String statement) throws SQLException {
        try (var update = ledger.prepare(connection, SET_STATEMENT)) {
            update.setString(1, statement);
            ledger.identity(update, 2);
            update.executeUpdate();
        }
    }

    /** The results of the walks before the present one. */
    public EarlierWalks earlier(Connection connection) throws SQLException {
        try (var query = ledger.prepare(connection, EARLIER)) {
            ledger.identity(query, 1);
            try (var rows = query.executeQuery()) {
                if (!rows.next()) return EarlierWalks.NONE;
                return new EarlierWalks(rows.getInt(1), rows.getLong(2), rows.getBoolean(3));
            }
        }
    }

    /**
     * Replaces a finished walk by the next one, in the transaction that made the new ranges. The next walk tries
     * skipped rows again.
     *
     * @param earlier with the finished one included
     */
    public void again(Connection connection, UUID token, EarlierWalks earlier, List<RangeRow> ranges)
            throws SQLException {
        Migrations.durable(connection);
        keep(connection, earlier);
        ledger.skipped().forget(connection);
        ledger.ranges().replace(connection, token, ranges);
    }

    /**
     * Clears the idle mark after a person has seen the failure. The next walk that changes nothing counts as the first
     * one.
     */
    public void forgive(Connection connection) throws SQLException {
        var earlier = earlier(connection);
        if (earlier.idle()) keep(connection, new EarlierWalks(earlier.count(), earlier.rows(), false));
    }

    private void keep(Connection connection, EarlierWalks earlier) throws SQLException {
        try (var update = ledger.prepare(connection, AGAIN)) {
            update.setInt(1, earlier.count());
            update.setLong(2, earlier.rows());
            update.setBoolean(3, earlier.idle());
            ledger.identity(update, 4);
            update.executeUpdate();
        }
    }

    /** Deletes the walk with its checkpoints. The next walk begins at the first key. */
    public void forget(Connection connection, String why) throws SQLException {
        try (var delete = ledger.prepare(connection, DELETE)) {
            ledger.identity(delete, 1);
            delete.executeUpdate();
        }
        ledger.ranges().forget(connection);
        ledger.listed().forget(connection);
        ledger.skipped().forget(connection);
        ledger.event(connection, "WalkRestarted", why);
    }

    private static List<String> texts(ResultSet rows, String column) throws SQLException {
        return List.of((String[]) rows.getArray(column).getArray());
    }
}
