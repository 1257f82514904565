package dev.cairn.runner.backfill.batch;

import dev.cairn.runner.backfill.key.Key;
import dev.cairn.runner.backfill.key.KeyBounds;
import dev.cairn.runner.backfill.table.KeyScan;
import dev.cairn.runner.backfill.table.Limits;
import dev.cairn.runner.backfill.table.TransactionSettings;
import dev.cairn.runner.backfill.table.WalkedTable;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.ledger.StripeCursor;
import dev.cairn.runner.ledger.Striping;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * HOT stripes: within a window of keys, a batch takes only every k-th row. The new versions of these few rows go to
 * other pages. The space of their old versions on each page then takes the new versions of the later rows. A worker
 * takes several windows in turn. So the snapshots that can see the old versions are gone when it returns to a window.
 *
 * <p>The keys of the windows are read once, as arrays in the server's own text.
 */
public final class Stripes {
    /** How many windows a worker takes in turn. */
    private static final int WINDOWS = 4;

    /** Rows of one batch. More rows would only need larger windows and more memory. */
    private static final long MOST_ROWS = 2000;

    /** Stripes do not help with fewer keys. */
    private static final int FEWEST_KEYS = 16;

    /** Rows of a sample: about twenty pages in most tables. */
    private static final int SAMPLE = 1000;

    /**
     * The most characters of the keys of all workers together. So the runner's memory does not grow with the number of
     * workers or the length of keys.
     */
    private static final long MOST_CHARACTERS = 16_000_000;

    /** The assumed length of a key before the first keys are read. */
    private static final long LONG_KEY = 500;

    private static final String ALIAS = "cairn_walked";

    private final WalkedTable table;
    private final Key key;
    private final KeyScan bounds;
    private long charactersPerKey = LONG_KEY;

    public Stripes(WalkedTable table) {
        this.table = table;
        this.key = table.key();
        this.bounds = new KeyScan(table);
    }

    /** Whether keys can be hashed, and many keys can be sent at once. */
    public boolean arePossible(Connection connection) throws SQLException {
        if (!key.hasArrays()) return false;
        var sql = "SELECT " + key.hash(ALIAS) + " FROM " + table.name() + " " + ALIAS + " LIMIT 1";
        try (var query = connection.prepareStatement(sql)) {
            query.execute();
            return true;
        } catch (SQLException e) {
            // The type has no hash function: undefined_function.
            if ("42883".equals(e.getSQLState())) return false;
            throw e;
        }
    }

    /**
     * Finds the next windows.
     *
     * @param rows wanted in a batch
     * @param workers that have their own windows at the same time
     * @return empty if too few keys are left
     */
    public Optional<StripeWindows> next(Connection connection, RangeRow range, long rows, int workers, Limits limits)
            throws SQLException {
        TransactionSettings.apply(connection, limits);
        KeyScan.readInOrder(connection);
        var striping = striping(connection, range);
        var windows = new StripeWindows(range.after(), columns(), striping);
        var after = range.after();
        while (windows.windows() < WINDOWS && !range.end().equals(after)) {
            long keys = Math.min(
                    striping.stripes() * mean(striping, Math.min(rows, MOST_ROWS)),
                    MOST_CHARACTERS / workers / WINDOWS / charactersPerKey);
            var end = bounds.nth(connection, limits, after, range.end(), Math.max(FEWEST_KEYS, keys))
                    .orElse(range.end());
            windows.open(end);
            read(connection, windows, after, end, 0);
            if (windows.size() > 0) charactersPerKey = Math.ceilDiv(windows.length(), windows.size());
            after = end;
        }
        return windows.size() < FEWEST_KEYS ? Optional.empty() : Optional.of(windows);
    }

    /**
     * The average rows of a stripe, chosen so that almost no stripe has more rows than a batch. Consecutive numbers
     * spread evenly. A hash spreads keys at random.
     */
    private static long mean(Striping striping, long rows) {
        return switch (striping.by()) {
            case HASH -> Math.max(Math.ceilDiv(rows, 2), rows - Math.round(3 * Math.sqrt((double) rows)));
            case NUMBER -> rows;
        };
    }

    /** Uses the key's number if it spreads the rows of each of the next pages more evenly than a hash. */
    private Striping striping(Connection connection, RangeRow range) throws SQLException {
        if (!key.hasNumber()) return Striping.HASHED;
        var between = key.between(range.after(), range.end());
        try (var query = connection.prepareStatement(evenness(between))) {
            query.setInt(KeyScan.bind(query, 1, between.parameters()), SAMPLE);
            try (var row = query.executeQuery()) {
                return row.next() && row.getBoolean(1) ? Striping.NUMBERED : Striping.HASHED;
            }
        }
    }

    /**
     * Compares sums of squares: the more evenly a page's rows spread over the same number of stripes, the smaller is
     * the sum.
     */
    private String evenness(KeyBounds between) {
        var hashed = new Striping(Striping.By.HASH, Striping.NUMBERED.stripes());
        return "WITH sample AS (SELECT tableoid, pg_catalog.split_part(ctid::pg_catalog.text, ',', 1) AS page, "
                + key.stripe(ALIAS, Striping.NUMBERED) + " AS numbered, " + key.stripe(ALIAS, hashed)
                + " AS hashed FROM "
                + table.name() + " " + ALIAS + " WHERE " + between.predicate(ALIAS) + " ORDER BY "
                + key.ascending(ALIAS) + " LIMIT ?) SELECT (" + squares("numbered") + ") OPERATOR(pg_catalog.<) ("
                + squares("hashed") + ")";
    }

    private static String squares(String striping) {
        return "SELECT pg_catalog.sum(n OPERATOR(pg_catalog.*) n) FROM (SELECT pg_catalog.count(*) AS n FROM sample GROUP BY"
                + " tableoid, page, " + striping + ") AS counted";
    }

    /** Finds the rest of the windows of a rotation that an earlier start began. */
    StripeWindows again(Connection connection, RangeRow range, StripeCursor rotation, Limits limits)
            throws SQLException {
        TransactionSettings.apply(connection, limits);
        KeyScan.readInOrder(connection);
        var windows = new StripeWindows(range.after(), columns(), rotation);
        var after = range.after();
        for (int window = 0; window < rotation.ends().size(); window++) {
            var end = rotation.ends().get(window);
            int done = rotation.done(window);
            windows.open(end);
            // The server finds the committed keys of a partly committed stripe: it orders them as the walk did.
            var within = window == rotation.window() ? rotation.within() : null;
            if (within != null) read(connection, windows, after, within, done + 1);
            read(connection, windows, within == null ? after : within, end, done);
            after = end;
        }
        return windows;
    }

    /** Adds the keys after one key and up to another, without those of the first {@code done} stripes. */
    private void read(
            Connection connection, StripeWindows windows, @Nullable List<String> after, List<String> upTo, int done)
            throws SQLException {
        var between = key.between(after, upTo);
        try (var query = connection.prepareStatement(keys(between, windows.striping()))) {
            query.setInt(KeyScan.bind(query, 1, between.parameters()), done);
            try (var rows = query.executeQuery()) {
                while (rows.next())
                    windows.add(rows.getInt(1), new StripeWindows.Part(rows.getLong(2), texts(rows, 3), upTo));
            }
        }
    }

    /**
     * The query for stripes with their numbers of keys and their keys as arrays, which the runner sends back without
     * parsing. Its parameters are those of the bounds, then the first wanted stripe.
     */
    public String keys(KeyBounds between, Striping striping) {
        return "SELECT stripe, pg_catalog.count(*), " + key.numbered("pg_catalog.array_agg(%s)::pg_catalog.text")
                + " FROM (SELECT " + key.stripe(ALIAS, striping) + ", "
                + key.names(ALIAS) + " FROM " + table.name() + " " + ALIAS + " WHERE " + between.predicate(ALIAS)
                + ") AS walked (stripe, " + key.numbered("%s")
                + ") WHERE stripe OPERATOR(pg_catalog.>=) ? GROUP BY stripe";
    }

    /**
     * Cuts a part into even ones, without a small rest that needs its own transaction. Rows that share a key stay
     * together.
     *
     * @param most keys of each part, if no rows share a key
     */
    List<StripeWindows.Part> cut(Connection connection, StripeWindows.Part part, long most, Limits limits)
            throws SQLException {
        TransactionSettings.apply(connection, limits);
        long pieces = Math.ceilDiv(part.size(), most);
        try (var query = connection.prepareStatement(pieces(Math.ceilDiv(part.size(), pieces)))) {
            KeyScan.bind(query, 1, part.arrays());
            var cut = new ArrayList<StripeWindows.Part>();
            try (var rows = query.executeQuery()) {
                while (rows.next())
                    cut.add(new StripeWindows.Part(rows.getLong(1), texts(rows, 2), texts(rows, 2 + columns())));
            }
            // The last part ends at the end of the whole part.
            var last = cut.removeLast();
            cut.add(new StripeWindows.Part(last.size(), last.arrays(), part.upTo()));
            return cut;
        }
    }

    private String pieces(long size) {
        return "SELECT pg_catalog.count(*), " + key.numbered("pg_catalog.array_agg(%s)::pg_catalog.text") + ", "
                + key.numbered("(pg_catalog.array_agg(%s::pg_catalog.text ORDER BY place DESC))[1]") + " FROM (SELECT "
                + "pg_catalog.dense_rank() OVER (ORDER BY " + key.ascending(ALIAS) + "), " + key.names(ALIAS)
                + " FROM ROWS FROM (" + key.unnested() + ") AS " + ALIAS + " (" + key.names() + ")) AS listed (place, "
                + key.numbered("%s") + ") GROUP BY (place OPERATOR(pg_catalog.-) 1) OPERATOR(pg_catalog./) " + size
                + " ORDER BY (place OPERATOR(pg_catalog.-) 1) OPERATOR(pg_catalog./) " + size;
    }

    private List<String> texts(ResultSet row, int first) throws SQLException {
        var texts = new ArrayList<String>();
        for (int n = 0; n < columns(); n++) texts.add(row.getString(first + n));
        return texts;
    }

    private int columns() {
        return key.columns().size();
    }
}
