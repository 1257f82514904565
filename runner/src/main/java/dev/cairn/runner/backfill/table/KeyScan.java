package dev.cairn.runner.backfill.table;

import dev.cairn.runner.backfill.key.BatchKeys;
import dev.cairn.runner.backfill.key.Key;
import dev.cairn.runner.backfill.key.KeyBounds;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads keys of the walked table: its end, and the end of the next batch. */
public final class KeyScan {
    private static final String ALIAS = "cairn_walked";

    /**
     * Keys are read in the index's order, only a few at a time. A planner without statistics assumes a smaller table.
     * It would then read and sort the whole rest of the table for each batch.
     */
    private static final String IN_ORDER = """
        SELECT pg_catalog.set_config('enable_sort', 'off', true),
               pg_catalog.set_config('enable_bitmapscan', 'off', true),
               pg_catalog.set_config('enable_seqscan', 'off', true)
        """;

    private final String table;
    private final Key key;

    public KeyScan(WalkedTable table) {
        this.table = table.name();
        this.key = table.key();
    }

    /**
     * The highest key, empty for an empty table. It does not use max(), which does not exist for uuid before PostgreSQL
     * 18.
     */
    public Optional<List<String>> highest(Connection connection) throws SQLException {
        var sql = "SELECT " + key.asTexts(ALIAS) + " FROM " + table + " " + ALIAS + " ORDER BY " + key.descending(ALIAS)
                + " LIMIT 1";
        try (var query = connection.prepareStatement(sql);
                var rows = query.executeQuery()) {
            return rows.next() ? Optional.of(key.read(rows)) : Optional.empty();
        }
    }

    /**
     * The n-th key after one key, empty if there are fewer up to the end. It also applies {@link TransactionSettings}
     * to the transaction, which saves a trip to the server.
     *
     * @param after null for the start of the table
     * @param end the last key to include
     * @param n 1 or more
     */
    public Optional<List<String>> nth(
            Connection connection, Limits limits, @Nullable List<String> after, List<String> end, long n)
            throws SQLException {
        var bounds = key.between(after, end);
        var sql = TransactionSettings.SQL + "; " + IN_ORDER + "; " + nth(bounds);
        try (var query = connection.prepareStatement(sql)) {
            int next = TransactionSettings.bind(query, limits);
            query.setLong(bind(query, next, bounds.parameters()), n - 1);
            query.execute();
            query.getMoreResults();
            query.getMoreResults();
            try (var rows = query.getResultSet()) {
                return rows.next() ? Optional.of(key.read(rows)) : Optional.empty();
            }
        }
    }

    /**
     * The next {@code size} keys after one key, fewer if the end comes first. Applies {@link TransactionSettings} as
     * {@link #nth} does.
     */
    public BatchKeys.Stretch next(
            Connection connection, Limits limits, @Nullable List<String> after, List<String> end, long size)
            throws SQLException {
        var nth = nth(connection, limits, after, end, size);
        return new BatchKeys.Stretch(after, nth.orElse(end), nth.isPresent() ? size : count(connection, after, end));
    }

    /**
     * The query of {@link #nth(Connection, Limits, List, List, long)}. Its parameters are those of the bounds, then how
     * many keys to skip.
     */
    public String nth(KeyBounds bounds) {
        return "SELECT " + key.asTexts("b") + " FROM (SELECT " + key.names(ALIAS) + " FROM " + table + " " + ALIAS
                + " WHERE " + bounds.predicate(ALIAS) + " ORDER BY " + key.ascending(ALIAS) + " LIMIT 1 OFFSET ?) b";
    }

    /** Keeps the planner from reading more keys than needed, until the end of the transaction. */
    public static void readInOrder(Connection connection) throws SQLException {
        try (var settings = connection.prepareStatement(IN_ORDER)) {
            settings.execute();
        }
    }

    /** Restores the planner's settings, for SQL of the user. */
    public static void readInAnyOrder(Connection connection) throws SQLException {
        try (var settings = connection.createStatement()) {
            settings.execute("SET LOCAL enable_sort TO DEFAULT; SET LOCAL enable_bitmapscan TO DEFAULT;"
                    + " SET LOCAL enable_seqscan TO DEFAULT");
        }
    }

    /** How many keys there are after one key and up to another. */
    public long count(Connection connection, @Nullable List<String> after, List<String> upTo) throws SQLException {
        var bounds = key.between(after, upTo);
        var sql = "SELECT pg_catalog.count(*) FROM " + table + " " + ALIAS + " WHERE " + bounds.predicate(ALIAS);
        try (var query = connection.prepareStatement(sql)) {
            bind(query, 1, bounds.parameters());
            try (var rows = query.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /** The keys of a batch, in order. */
    public List<List<String>> keys(Connection connection, BatchKeys slice) throws SQLException {
        var sql = "SELECT " + key.asTexts(ALIAS) + " FROM " + table + " " + ALIAS + " WHERE "
                + key.predicate(ALIAS, slice) + " ORDER BY " + key.ascending(ALIAS);
        try (var query = connection.prepareStatement(sql)) {
            bind(query, 1, key.parameters(slice));
            var found = new ArrayList<List<String>>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) found.add(key.read(rows));
            }
            return found;
        }
    }

    /**
     * Sets text parameters. The statement's casts decide their types.
     *
     * @return the place after the last one
     */
    public static int bind(PreparedStatement statement, int first, List<String> values) throws SQLException {
        int next = first;
        for (var value : values) statement.setObject(next++, value, Types.OTHER);
        return next;
    }
}
