package dev.cairn.runner.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The table {@code listed}: the keys that a walk's query returned at the first start, numbered from 1 in the key's
 * order.
 */
public final class ListedKeys {
    private static final String SELECT = """
        SELECT ordinal, key FROM %s.listed
         WHERE scope = ? AND kind = ? AND name = ? AND ordinal > ? AND ordinal <= ? ORDER BY ordinal LIMIT ?
        """;
    private static final String DELETE = "DELETE FROM %s.listed WHERE scope = ? AND kind = ? AND name = ?";

    private final Ledger ledger;

    ListedKeys(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * A key of the list.
     *
     * @param ordinal its number
     * @param key the server's text of each column
     */
    public record Entry(long ordinal, List<String> key) {}

    /**
     * Runs the query and stores its result instead of an earlier one, in the caller's transaction.
     *
     * @param names for its columns, which replace the query's own names
     * @param casts each column with the key's type and collation, under its name
     * @param texts the columns as texts
     * @return how many keys there are
     */
    public long keep(Connection connection, String query, String names, String casts, String texts)
            throws SQLException {
        forget(connection);
        // The query has its own lines, since it may end in a comment.
        var sql = """
            INSERT INTO %s.listed (scope, kind, name, ordinal, key)
            SELECT ?, ?, ?, pg_catalog.row_number() OVER (ORDER BY %s), ARRAY[%s] FROM (SELECT DISTINCT %s FROM (
            %s
            ) AS given (%s)) AS listed WHERE ROW(%s) IS NOT NULL
            """.formatted(Ledger.quote(ledger.schema()), names, texts, casts, query, names, names);
        try (var insert = connection.prepareStatement(sql)) {
            ledger.identity(insert, 1);
            return insert.executeLargeUpdate();
        }
    }

    /**
     * The next keys after one number and up to another.
     *
     * @param limit the most keys to return
     */
    public List<Entry> next(Connection connection, long after, long upTo, long limit) throws SQLException {
        try (var query = ledger.prepare(connection, SELECT)) {
            ledger.identity(query, 1);
            query.setLong(4, after);
            query.setLong(5, upTo);
            query.setLong(6, limit);
            var found = new ArrayList<Entry>();
            try (var rows = query.executeQuery()) {
                while (rows.next())
                    found.add(new Entry(
                            rows.getLong(1), List.of((String[]) rows.getArray(2).getArray())));
            }
            return found;
        }
    }

    void forget(Connection connection) throws SQLException {
        try (var delete = ledger.prepare(connection, DELETE)) {
            ledger.identity(delete, 1);
            delete.executeUpdate();
        }
    }
}
