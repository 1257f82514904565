package dev.cairn.runner.backfill.batch;

import dev.cairn.runner.backfill.key.Key;
import dev.cairn.runner.backfill.key.KeyBounds;
import dev.cairn.runner.backfill.table.KeyScan;
import dev.cairn.runner.backfill.table.Limits;
import dev.cairn.runner.backfill.table.TransactionSettings;
import dev.cairn.runner.backfill.table.WalkedTable;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.ledger.StripeCursor;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * HOT stripes: within a window of keys, a batch takes every k-th row only. Those few move to other pages, and the room
 * that their old versions leave on each page takes the new versions of the rows that follow. A worker goes round several
 * windows, so that the snapshots which still saw the old versions are gone when it comes back.
 *
 * <p>The keys of the windows are read once. A row's stripe is a function of its key alone: rows that come and go between
 * a crash and the resume do not move the others into another stripe.
 */
public final class Stripes {
    /** About one of them in {@value #STRIPES} rows moves, the others stay on their page. */
    public static final int STRIPES = 16;

    /** In turn. */
    private static final int WINDOWS = 4;

    /** Rows of one batch: more would only make the windows, and what is kept of them in memory, larger. */
    private static final long MOST_ROWS = 2000;

    /** Fewer keys are not worth the detour. */
    private static final int FEWEST_KEYS = STRIPES;

    /** Of the keys of all workers: what the runner holds on to does not grow with their number or the keys' length. */
    private static final long MOST_CHARACTERS = 16_000_000;

    private static final int FETCH = 5000;
    private static final String ALIAS = "cairn_walked";

    private final WalkedTable table;
    private final Key key;

    public Stripes(WalkedTable table) {
        this.table = table;
        this.key = table.key();
    }

    /** Whether the key can be hashed, and many of them sent at once. */
    public boolean arePossible(Connection connection) throws SQLException {
        if (!key.hasArrays()) return false;
        var sql = "SELECT " + key.hash(ALIAS) + " FROM " + table.name() + " " + ALIAS + " LIMIT 1";
        try (var query = connection.prepareStatement(sql)) {
            query.execute();
            return true;
        } catch (SQLException e) {
            // There is no hash for the type: undefined_function.
            if ("42883".equals(e.getSQLState())) return false;
            throw e;
        }
    }

    /**
     * Looks up the windows that come next.
     *
     * @param rows wanted in a batch
     * @param workers that have windows of their own at the same time
     * @return empty where there is too little left
     */
    public Optional<StripeWindows> next(Connection connection, RangeRow range, long rows, int workers, Limits limits)
            throws SQLException {
        TransactionSettings.apply(connection, limits);
        KeyScan.readInOrder(connection);
        long most = Math.min(rows, MOST_ROWS);
        var windows = new StripeWindows(range.after(), key.columns().size(), STRIPES);
        read(
                connection,
                range.after(),
                range.end(),
                WINDOWS * STRIPES * most,
                STRIPES,
                (next, stripe) ->
                        windows.add(next, stripe, most, WINDOWS) && windows.length() < MOST_CHARACTERS / workers);
        return windows.size() < FEWEST_KEYS ? Optional.empty() : Optional.of(windows);
    }

    /** Looks up what is left of the windows of a rotation that an earlier start began. */
    StripeWindows again(Connection connection, RangeRow range, StripeCursor rotation, Limits limits)
            throws SQLException {
        TransactionSettings.apply(connection, limits);
        KeyScan.readInOrder(connection);
        var windows = new StripeWindows(range.after(), key.columns().size(), rotation);
        var after = range.after();
        for (int window = 0; window < rotation.ends().size(); window++) {
            var end = rotation.ends().get(window);
            int done = rotation.done(window);
            windows.open();
            // Which keys are committed of a stripe in part, the server says: it orders them as the walk did.
            var within = window == rotation.window() ? rotation.within() : null;
            if (within != null) read(connection, after, within, rotation.stripes(), left(windows, done + 1));
            read(connection, within == null ? after : within, end, rotation.stripes(), left(windows, done));
            windows.close(end);
            after = end;
        }
        return windows;
    }

    /** Takes what is in none of the first stripes, so many. */
    private static Sink left(StripeWindows windows, int done) {
        return (next, stripe) -> stripe < done || windows.add(next, stripe, Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    private void read(Connection connection, @Nullable List<String> after, List<String> upTo, int stripes, Sink sink)
            throws SQLException {
        read(connection, after, upTo, Long.MAX_VALUE, stripes, sink);
    }

    private void read(
            Connection connection, @Nullable List<String> after, List<String> upTo, long limit, int stripes, Sink sink)
            throws SQLException {
        var bounds = key.between(after, upTo);
        var sql = keys(bounds, stripes);
        try (var query = connection.prepareStatement(sql)) {
            query.setFetchSize(FETCH);
            query.setLong(KeyScan.bind(query, 1, bounds.parameters()), limit);
            try (var rows = query.executeQuery()) {
                while (rows.next())
                    if (!sink.take(key.read(rows), rows.getInt(key.columns().size() + 1))) return;
            }
        }
    }

    /** The query for keys and their stripes: the parameters of the bounds, then how many keys at most. */
    public String keys(KeyBounds bounds, int stripes) {
        return "SELECT " + key.asTexts(ALIAS) + ", " + key.hash(ALIAS) + " OPERATOR(pg_catalog.&) " + (stripes - 1)
                + " FROM " + table.name()
                + " " + ALIAS + " WHERE " + bounds.predicate(ALIAS) + " ORDER BY " + key.ascending(ALIAS)
                + " LIMIT ?";
    }

    /** Takes a key; false when it wants no more. */
    @FunctionalInterface
    private interface Sink {
        boolean take(List<String> key, int stripe);
    }
}
