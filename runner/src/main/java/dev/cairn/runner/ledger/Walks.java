package dev.cairn.runner.ledger;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tables {@code walk} and {@code range}: what a backfill froze, and its checkpoints. */
public final class Walks {
    private static final String SELECT_WALK = """
        SELECT over_json, relation, key_columns, key_types, key_collations, collation_versions
          FROM %s.walk WHERE scope = ? AND kind = ? AND name = ?
        """;
    private static final String INSERT_WALK = """
        INSERT INTO %s.walk (scope, kind, name, over_json, relation, key_columns, key_types, key_collations,
                             collation_versions)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;
    private static final String DELETE_WALK = "DELETE FROM %s.walk WHERE scope = ? AND kind = ? AND name = ?";
    private static final String DELETE_RANGES = "DELETE FROM %s.range WHERE scope = ? AND kind = ? AND name = ?";
    private static final String SELECT_RANGES = """
        SELECT ordinal, from_key, to_key, cursor, rows, walked, batches, state,
               CASE WHEN batches > 0 THEN (extract(epoch FROM updated) * 1000)::bigint ELSE 0 END AS committed_at
          FROM %s.range WHERE scope = ? AND kind = ? AND name = ? ORDER BY ordinal
        """;
    private static final String INSERT_RANGE = """
        INSERT INTO %s.range (scope, kind, name, ordinal, from_key, to_key, state, token, updated)
        VALUES (?, ?, ?, ?, ?, ?, CASE WHEN ? THEN 'done' ELSE 'open' END, ?, clock_timestamp())
        """;
    private static final String OWN = """
        UPDATE %s.range SET token = ? WHERE scope = ? AND kind = ? AND name = ?
        """;
    /**
     * A lost connection's batch may still be running, and a pod cut off by the network can wake after its successor
     * began. Comparing the old cursor, not only the owner, is what stops a batch from counting twice.
     */
    private static final String ADVANCE = """
        UPDATE %s.range
           SET cursor = ?, rows = rows + ?, walked = walked + ?, batches = batches + 1, updated = clock_timestamp(),
               state = CASE WHEN ? THEN 'done' ELSE 'open' END
         WHERE scope = ? AND kind = ? AND name = ? AND ordinal = ?
           AND token = ? AND cursor IS NOT DISTINCT FROM ? AND state = 'open'
        """;

    private final Ledger ledger;

    Walks(Ledger ledger) {
        this.ledger = ledger;
    }

    /** What was frozen; empty before the first start got that far. */
    public Optional<WalkRow> read(Connection connection) throws SQLException {
        try (var query = ledger.prepare(connection, SELECT_WALK)) {
            ledger.identity(query, 1);
            try (var rows = query.executeQuery()) {
                if (!rows.next()) return Optional.empty();
                return Optional.of(new WalkRow(
                        rows.getString("over_json"),
                        rows.getString("relation"),
                        key(rows, "key_columns"),
                        key(rows, "key_types"),
                        key(rows, "key_collations"),
                        key(rows, "collation_versions")));
            }
        }
    }

    /** All ranges, in order. */
    public List<RangeRow> ranges(Connection connection) throws SQLException {
        try (var query = ledger.prepare(connection, SELECT_RANGES)) {
            ledger.identity(query, 1);
            var found = new ArrayList<RangeRow>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) found.add(range(rows));
            }
            return List.copyOf(found);
        }
    }

    /** Writes down a new walk and its ranges, which {@code token} owns. */
    public void begin(Connection connection, UUID token, WalkRow walk, List<RangeRow> ranges) throws SQLException {
        try (var insert = ledger.prepare(connection, INSERT_WALK)) {
            ledger.identity(insert, 1);
            insert.setString(4, walk.over());
            insert.setString(5, walk.relation());
            insert.setArray(6, texts(connection, walk.columns()));
            insert.setArray(7, texts(connection, walk.types()));
            insert.setArray(8, texts(connection, walk.collations()));
            insert.setArray(9, texts(connection, walk.collationVersions()));
            insert.executeUpdate();
        }
        for (var range : ranges) insert(connection, token, range);
    }

    /** Throws the walk away, checkpoints and all: the next one begins at the first key. */
    public void forget(Connection connection, String why) throws SQLException {
        for (var sql : List.of(DELETE_WALK, DELETE_RANGES)) {
            try (var delete = ledger.prepare(connection, sql)) {
                ledger.identity(delete, 1);
                delete.executeUpdate();
            }
        }
        ledger.event(connection, "WalkRestarted", why);
    }

    /**
     * Moves a range's cursor past a batch, inside the batch's own transaction: both commit or neither does.
     *
     * @param before the range as this run knows it
     * @param cursor the batch's last key
     * @param rows the batch changed, 0 or more
     * @param walked keys in the batch, 0 or more
     * @param done whether the range ends here
     * @throws FencedException if another start owns the range or its cursor has moved; roll back, read the ledger again
     */
    public void advance(
            Connection connection,
            UUID token,
            RangeRow before,
            @Nullable List<String> cursor,
            long rows,
            long walked,
            boolean done)
            throws SQLException {
        try (var update = ledger.prepare(connection, ADVANCE)) {
            update.setArray(1, texts(connection, cursor));
            update.setLong(2, rows);
            update.setLong(3, walked);
            update.setBoolean(4, done);
            ledger.identity(update, 5);
            update.setInt(8, before.ordinal());
            update.setObject(9, token);
            update.setArray(10, texts(connection, before.cursor()));
            if (update.executeUpdate() == 0)
                throw new FencedException(ledger.migration() + ": range " + before.ordinal() + " was moved elsewhere");
        }
    }

    /** Makes all ranges this start's own. */
    void own(Connection connection, UUID token) throws SQLException {
        try (var update = ledger.prepare(connection, OWN)) {
            update.setObject(1, token);
            ledger.identity(update, 2);
            update.executeUpdate();
        }
    }

    private void insert(Connection connection, UUID token, RangeRow range) throws SQLException {
        try (PreparedStatement insert = ledger.prepare(connection, INSERT_RANGE)) {
            ledger.identity(insert, 1);
            insert.setInt(4, range.ordinal());
            insert.setArray(5, texts(connection, range.from()));
            insert.setArray(6, texts(connection, range.to()));
            insert.setBoolean(7, range.done());
            insert.setObject(8, token);
            insert.executeUpdate();
        }
    }

    private static RangeRow range(ResultSet rows) throws SQLException {
        return new RangeRow(
                rows.getInt("ordinal"),
                keyOrNull(rows, "from_key"),
                keyOrNull(rows, "to_key"),
                keyOrNull(rows, "cursor"),
                rows.getLong("rows"),
                rows.getLong("walked"),
                rows.getLong("batches"),
                rows.getString("state").equals("done"),
                rows.getLong("committed_at"));
    }

    private static List<String> key(ResultSet rows, String column) throws SQLException {
        return List.of((String[]) rows.getArray(column).getArray());
    }

    private static @Nullable List<String> keyOrNull(ResultSet rows, String column) throws SQLException {
        var array = rows.getArray(column);
        return array == null ? null : List.of((String[]) array.getArray());
    }

    private static @Nullable Array texts(Connection connection, @Nullable List<String> values) throws SQLException {
        return values == null ? null : connection.createArrayOf("text", values.toArray());
    }
}
