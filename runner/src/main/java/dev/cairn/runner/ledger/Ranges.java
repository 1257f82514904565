package dev.cairn.runner.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table {@code range}: the checkpoints of a walk. */
public final class Ranges {
    private static final String SELECT = """
        SELECT ordinal, from_key, to_key, cursor, window_ends, stripes, stripes_done, stripe_cursor, rows, walked, skipped, batches, state,
               CASE WHEN batches > 0 THEN (extract(epoch FROM updated) * 1000)::bigint ELSE 0 END AS committed_at
          FROM %s.range WHERE scope = ? AND kind = ? AND name = ? ORDER BY ordinal
        """;
    private static final String INSERT = """
        INSERT INTO %s.range (scope, kind, name, ordinal, from_key, to_key, state, token, updated)
        VALUES (?, ?, ?, ?, ?, ?, CASE WHEN ? THEN 'done' ELSE 'open' END, ?, clock_timestamp())
        """;
    private static final String DELETE = "DELETE FROM %s.range WHERE scope = ? AND kind = ? AND name = ?";
    private static final String NEXT =
            "SELECT coalesce(max(ordinal) + 1, 0) FROM %s.range WHERE scope = ? AND kind = ? AND name = ?";
    private static final String OWN = "UPDATE %s.range SET token = ? WHERE scope = ? AND kind = ? AND name = ?";
    private static final String CLAIM = """
        UPDATE %s.range
           SET worker_pid = pg_catalog.pg_backend_pid(),
               worker_backend_start = (SELECT backend_start FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()))
         WHERE scope = ? AND kind = ? AND name = ? AND ordinal = ? AND token = ?
        """;
    private static final String WORKERS = """
        SELECT DISTINCT worker_pid, worker_backend_start FROM %s.range
         WHERE scope = ? AND kind = ? AND name = ? AND worker_pid IS NOT NULL AND state = 'open'
        """;
    private static final String NOT_CAST = "22P02";

    /**
     * The text that cannot be cast in that case. The server may translate its message, but quotes this text unchanged.
     */
    private static final String NOT_MOVED = "cairn: this checkpoint was moved elsewhere";

    /**
     * The batch of a lost connection may still run. A pod that the network cut off can resume after its successor
     * began. So the statement compares the old cursor and the number of batches, not only the owner: then no batch
     * counts twice. Without such a row the statement fails and rolls back. So the COMMIT can be sent with it, which
     * saves a trip to the server for each batch. The error's text distinguishes it from an error of a trigger at that
     * commit.
     */
    private static final String ADVANCE = """
        WITH moved AS (
            UPDATE %s.range
               SET cursor = ?, window_ends = ?, stripes = ?, stripes_done = ?, stripe_cursor = ?,
                   rows = ?, walked = ?, skipped = ?, batches = batches + 1, updated = clock_timestamp(),
                   state = CASE WHEN ? THEN 'done' ELSE 'open' END
             WHERE scope = ? AND kind = ? AND name = ? AND ordinal = ?
               AND token = ? AND coalesce(cursor, '{}') = coalesce(CAST(? AS text[]), '{}') AND batches = ? AND state = 'open'
            RETURNING 1)
        SELECT CAST(CASE WHEN count(*) = 1 THEN '1' ELSE '""" + NOT_MOVED + """
        ' END AS integer) FROM moved; COMMIT
        """;

    private final Ledger ledger;

    Ranges(Ledger ledger) {
        this.ledger = ledger;
    }

    /** All ranges, in order. */
    public List<RangeRow> all(Connection connection) throws SQLException {
        try (var query = ledger.prepare(connection, SELECT)) {
            ledger.identity(query, 1);
            var found = new ArrayList<RangeRow>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) found.add(range(rows));
            }
            return List.copyOf(found);
        }
    }

    /**
     * The present state of a range.
     *
     * @throws FencedException if the range no longer exists
     */
    public RangeRow now(Connection connection, RangeRow range) throws SQLException {
        return all(connection).stream()
                .filter(row -> row.isSameAs(range))
                .findFirst()
                .orElseThrow(ledger.migrations()::unknown);
    }

    /**
     * Makes sure that a walk is done.
     *
     * @param walk its ranges, at any progress
     * @throws SQLException as a lost connection, if one of them is open or missing. Then a server that crashed or was
     *     replaced by its replica has lost the last commits; a pool may have hidden that
     */
    public void requireDone(Connection connection, List<RangeRow> walk) throws SQLException {
        var now = all(connection);
        if (!walk.stream().allMatch(range -> now.stream().anyMatch(row -> row.isSameAs(range) && row.done())))
            throw new SQLException("the server has lost the last commits, as after a failover", "08006");
    }

    /** The sessions that last worked on the open ranges. */
    public List<Backend> workers(Connection connection) throws SQLException {
        try (var query = ledger.prepare(connection, WORKERS)) {
            ledger.identity(query, 1);
            var found = new ArrayList<Backend>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) found.add(new Backend(rows.getInt(1), rows.getObject(2, OffsetDateTime.class)));
            }
            return List.copyOf(found);
        }
    }

    /**
     * Registers this session as the worker of a range.
     *
     * @throws FencedException if another start owns it
     */
    public void claim(Connection connection, UUID token, RangeRow range) throws SQLException {
        try (var update = ledger.prepare(connection, CLAIM)) {
            ledger.identity(update, 1);
            update.setInt(4, range.ordinal());
            update.setObject(5, token);
            if (update.executeUpdate() > 0) return;
        }
        var migrations = ledger.migrations();
        throw migrations.owns(connection, token) ? migrations.unknown() : migrations.fenced(connection);
    }

    /**
     * Moves a range past a batch and commits the batch's transaction: both or neither.
     *
     * @param before the range as this run last saw it
     * @param after the range after the batch
     * @throws FencedException if another start owns the range or its cursor has moved. Nothing is committed: roll back
     *     and read the ledger again
     */
    public void commit(Connection connection, UUID token, RangeRow before, RangeRow after) throws SQLException {
        try (var update = ledger.prepare(connection, ADVANCE)) {
            update.setArray(1, Ledger.texts(connection, after.cursor()));
            bind(connection, update, after.rotation());
            update.setLong(6, after.rows());
            update.setLong(7, after.walked());
            update.setLong(8, after.skipped());
            update.setBoolean(9, after.done());
            ledger.identity(update, 10);
            update.setInt(13, before.ordinal());
            update.setObject(14, token);
            update.setArray(15, Ledger.texts(connection, before.cursor()));
            update.setLong(16, before.batches());
            update.execute();
        } catch (SQLException e) {
            if (isNotMoved(e)) throw moved(before);
            throw e;
        }
    }

    private static boolean isNotMoved(SQLException e) {
        return NOT_CAST.equals(e.getSQLState())
                && String.valueOf(e.getMessage()).contains(NOT_MOVED);
    }

    /** Makes this start the owner of all ranges. */
    void own(Connection connection, UUID token) throws SQLException {
        try (var update = ledger.prepare(connection, OWN)) {
            update.setObject(1, token);
            ledger.identity(update, 2);
            update.executeUpdate();
        }
    }

    private void insert(Connection connection, UUID token, RangeRow range) throws SQLException {
        try (PreparedStatement insert = ledger.prepare(connection, INSERT)) {
            ledger.identity(insert, 1);
            insert.setInt(4, range.ordinal());
            insert.setArray(5, Ledger.texts(connection, range.from()));
            insert.setArray(6, Ledger.texts(connection, range.to()));
            insert.setBoolean(7, range.done());
            insert.setObject(8, token);
            insert.executeUpdate();
        }
    }

    /**
     * Replaces the ranges of the walk before by those of a new walk. A number is never used twice. So a late batch of
     * the walk before finds no row to move.
     *
     * @param ranges numbered from 0
     */
    void replace(Connection connection, UUID token, List<RangeRow> ranges) throws SQLException {
        int first = next(connection);
        forget(connection);
        for (var range : ranges)
            insert(connection, token, RangeRow.open(first + range.ordinal(), range.from(), range.to()));
    }

    private int next(Connection connection) throws SQLException {
        try (var query = ledger.prepare(connection, NEXT)) {
            ledger.identity(query, 1);
            try (var rows = query.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    void forget(Connection connection) throws SQLException {
        try (var delete = ledger.prepare(connection, DELETE)) {
            ledger.identity(delete, 1);
            delete.executeUpdate();
        }
    }

    private FencedException moved(RangeRow range) {
        return new FencedException(ledger.migration() + ": range " + range.ordinal() + " was moved elsewhere");
    }

    private static void bind(Connection connection, PreparedStatement update, @Nullable StripeCursor rotation)
            throws SQLException {
        var ends = rotation == null
                ? null
                : rotation.ends().stream()
                        .map(key -> key.toArray(String[]::new))
                        .toArray(String[][]::new);
        update.setArray(2, ends == null ? null : connection.createArrayOf("text", ends));
        update.setObject(3, rotation == null ? null : rotation.striping().written(), Types.INTEGER);
        update.setObject(4, rotation == null ? null : rotation.done(), Types.INTEGER);
        update.setArray(5, rotation == null ? null : Ledger.texts(connection, rotation.within()));
    }

    private static RangeRow range(ResultSet rows) throws SQLException {
        return new RangeRow(
                rows.getInt("ordinal"),
                keyOrNull(rows, "from_key"),
                keyOrNull(rows, "to_key"),
                keyOrNull(rows, "cursor"),
                rotation(rows),
                rows.getLong("rows"),
                rows.getLong("walked"),
                rows.getLong("skipped"),
                rows.getLong("batches"),
                rows.getString("state").equals("done"),
                rows.getLong("committed_at"));
    }

    private static @Nullable StripeCursor rotation(ResultSet rows) throws SQLException {
        var ends = rows.getArray("window_ends");
        if (ends == null) return null;
        var keys = new ArrayList<List<String>>();
        for (var key : (String[][]) ends.getArray()) keys.add(List.of(key));
        return new StripeCursor(
                keys,
                Striping.of(rows.getInt("stripes")),
                rows.getInt("stripes_done"),
                keyOrNull(rows, "stripe_cursor"));
    }

    private static @Nullable List<String> keyOrNull(ResultSet rows, String column) throws SQLException {
        var array = rows.getArray(column);
        return array == null ? null : List.of((String[]) array.getArray());
    }
}
