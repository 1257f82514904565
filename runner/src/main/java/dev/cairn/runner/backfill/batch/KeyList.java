package dev.cairn.runner.backfill.batch;

import dev.cairn.plan.Reason;
import dev.cairn.runner.backfill.key.BatchKeys;
import dev.cairn.runner.backfill.key.KeyArrays;
import dev.cairn.runner.backfill.key.KeyColumn;
import dev.cairn.runner.backfill.table.WalkedTable;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.Ledger;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.session.Described;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.session.SqlFailures.Kind;
import dev.cairn.runner.sql.QuestionMarks;
import dev.cairn.runner.sql.Script;
import dev.cairn.runner.sql.SqlRefused;
import java.sql.Connection;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The walk over the keys that a query returned at the first start. The ledger has them as a numbered list. Ranges and
 * cursors are numbers of that list.
 */
public final class KeyList {
    /** Integer types by size: each holds the values of those before it. */
    private static final List<String> INTEGERS = List.of("int2", "int4", "int8");

    private final Ledger ledger;
    private final WalkedTable table;

    /** @throws MigrationFailure with {@link Reason#InvalidSpec} if such keys cannot be sent as arrays */
    public KeyList(Ledger ledger, WalkedTable table) {
        this.ledger = ledger;
        this.table = table;
        if (!table.key().hasArrays())
            throw invalid("over.query: keys with an array in them cannot be listed: walk the whole table");
    }

    /**
     * Runs the query and stores its result, in the caller's transaction.
     *
     * @param query of the plan
     * @return how many keys there are
     */
    public long freeze(Connection connection, String query) throws SQLException {
        var asked = QuestionMarks.doubled(only(query));
        try {
            requireColumns(connection, asked);
            return ledger.listed().keep(connection, asked, table.key().numbered("%s"), casts(), texts());
        } catch (SQLException e) {
            throw told(asked, e);
        }
    }

    /** Some keys of the query, in the key's order, in the caller's transaction. Nothing is stored. */
    public List<List<String>> some(Connection connection, String query, int most) throws SQLException {
        var asked = QuestionMarks.doubled(only(query));
        var names = table.key().numbered("%s");
        try {
            requireColumns(connection, asked);
            // The query has its own lines, since it may end in a comment.
            var sql = "SELECT " + texts() + " FROM (SELECT DISTINCT " + casts() + " FROM (\n" + asked + "\n) AS given ("
                    + names + ") LIMIT ?) AS listed WHERE ROW(" + names + ") IS NOT NULL ORDER BY " + names;
            try (var statement = connection.prepareStatement(sql)) {
                statement.setInt(1, most);
                var keys = new ArrayList<List<String>>();
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) keys.add(table.key().read(rows));
                }
                return keys;
            }
        } catch (SQLException e) {
            throw told(asked, e);
        }
    }

    private SQLException told(String query, SQLException e) {
        var refused = SqlFailures.ofStatement(query, e);
        if (SqlFailures.kind(e) != Kind.PERMANENT) return refused;
        throw SqlFailures.failure("over.query (it gives the key's columns: " + keyColumns() + ")", refused);
    }

    /** Each column with the collation of the index: the query's own collation may be another one. */
    private String casts() {
        var columns = table.key().columns();
        return IntStream.range(0, columns.size())
                .mapToObj(n -> "CAST(k" + n + " AS " + columns.get(n).pinnedType() + ")" + collate(columns.get(n))
                        + " AS k" + n)
                .collect(Collectors.joining(", "));
    }

    private String texts() {
        return table.key().numbered("%s::pg_catalog.text");
    }

    private static String collate(KeyColumn column) {
        return column.order().isEmpty() ? "" : " COLLATE " + column.order();
    }

    /**
     * Checks number and types of the columns: PostgreSQL would ignore extra columns, and a cast would cut or round
     * values of another type.
     */
    private void requireColumns(Connection connection, String query) throws SQLException {
        int wanted = table.key().columns().size();
        var own = "SELECT " + table.key().names("t") + " FROM " + table.name() + " t";
        try (var given = connection.prepareStatement(Described.withoutRows(query));
                var none = given.executeQuery();
                var keys = connection.prepareStatement(Described.withoutRows(own));
                var noKeys = keys.executeQuery()) {
            var have = none.getMetaData();
            var want = noKeys.getMetaData();
            int count = have.getColumnCount();
            if (count != wanted)
                throw invalid("over.query: it gives " + count + " columns, and the key has " + wanted + " ("
                        + keyColumns() + "): give the key's columns in its order");
            for (int n = 1; n <= wanted; n++) {
                var column = table.key().columns().get(n - 1);
                if (!isSafe(have, want, n))
                    throw invalid("over.query: its column " + n + " is " + have.getColumnTypeName(n) + ", and "
                            + column.name() + " is " + column.type() + ": cast it there to CAST(… AS " + column.type()
                            + ")");
            }
        }
    }

    private static boolean isSafe(ResultSetMetaData have, ResultSetMetaData want, int n) throws SQLException {
        var from = have.getColumnTypeName(n);
        var to = want.getColumnTypeName(n);
        int size = INTEGERS.indexOf(from);
        if (size >= 0 && INTEGERS.indexOf(to) >= size) return true;
        return from.equals(to) && have.getPrecision(n) == want.getPrecision(n) && have.getScale(n) == want.getScale(n);
    }

    private String keyColumns() {
        return table.key().columns().stream().map(KeyColumn::name).collect(Collectors.joining(", "));
    }

    /** Cuts the list into ranges of nearly equal size. */
    public static List<RangeRow> cut(long keys, int count) {
        if (keys == 0) return List.of(RangeRow.open(0, null, null));
        var ranges = new ArrayList<RangeRow>();
        int parts = (int) Math.min(keys, count);
        for (int n = 0; n < parts; n++) {
            var from = n == 0 ? null : List.of(String.valueOf(keys * n / parts));
            ranges.add(RangeRow.open(n, from, List.of(String.valueOf(keys * (n + 1) / parts))));
        }
        return ranges;
    }

    /** The next keys of a range. */
    BatchExecutor.Batch next(Connection connection, RangeRow range, long size) throws SQLException {
        var after = range.after();
        var entries = ledger.listed().next(connection, after == null ? 0 : number(after), number(range.end()), size);
        if (entries.isEmpty()) throw new IllegalStateException("the ledger's list of keys has a gap");
        var arrays = new KeyArrays(table.key().columns().size());
        entries.forEach(entry -> arrays.add(entry.key()));
        var slice = new BatchKeys.Keys(
                arrays.literals(), entries.getFirst().key(), entries.getLast().key(), entries.size());
        return BatchExecutor.Batch.plain(
                slice, range.walkedTo(List.of(String.valueOf(entries.getLast().ordinal()))));
    }

    private static String only(String query) {
        try {
            var statements = Script.of(query).statements();
            if (statements.size() == 1) return statements.getFirst().sent();
        } catch (SqlRefused e) {
            throw invalid("over.query: " + e.getMessage());
        }
        throw invalid("over.query: one query that gives the key's columns");
    }

    private static long number(List<String> ordinal) {
        return Long.parseLong(ordinal.getFirst());
    }

    private static MigrationFailure invalid(String message) {
        return new MigrationFailure(Reason.InvalidSpec, message);
    }
}
