package dev.cairn.runner.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The table {@code skipped}: rows that failed and were skipped, for a person to check. */
public final class Skipped {
    private static final int LONGEST = 4000;
    private static final String INSERT = """
        INSERT INTO %s.skipped (scope, kind, name, key, sqlstate, message) VALUES (?, ?, ?, ?, ?, ?)
        """;
    private static final String DELETE = "DELETE FROM %s.skipped WHERE scope = ? AND kind = ? AND name = ?";
    private static final String COUNT =
            "SELECT coalesce(sum(skipped), 0) FROM %s.range WHERE scope = ? AND kind = ? AND name = ?";

    private final Ledger ledger;

    Skipped(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Records a row, in the transaction of the batch that skips it. */
    public void add(Connection connection, List<String> key, String sqlState, String message) throws SQLException {
        try (var insert = ledger.prepare(connection, INSERT)) {
            ledger.identity(insert, 1);
            insert.setArray(4, Ledger.texts(connection, key));
            insert.setString(5, sqlState);
            insert.setString(6, message.substring(0, Math.min(message.length(), LONGEST)));
            insert.executeUpdate();
        }
    }

    /** Deletes the records: another walk tries those rows again. */
    void forget(Connection connection) throws SQLException {
        try (var delete = ledger.prepare(connection, DELETE)) {
            ledger.identity(delete, 1);
            delete.executeUpdate();
        }
    }

    /** How many rows the committed batches of all workers have skipped in this walk. */
    public long count(Connection connection) throws SQLException {
        try (var query = ledger.prepare(connection, COUNT)) {
            ledger.identity(query, 1);
            try (var rows = query.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }
}
