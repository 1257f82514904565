package dev.cairn.e2e.scenario;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger holds of a migration.
 *
 * @param reference such as {@code DataMigration/backfill}
 * @param state running, applied or failed
 * @param attempts starts
 * @param finished null while it runs
 */
record LedgerRow(
        String reference,
        String state,
        int attempts,
        OffsetDateTime started,
        @Nullable OffsetDateTime finished) {
    static List<LedgerRow> all(Connection connection) throws SQLException {
        var ledger = new ArrayList<LedgerRow>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        SELECT kind || '/' || name, state, attempts, started, finished
                          FROM cairn.migration ORDER BY started
                        """)) {
            while (rows.next()) {
                ledger.add(new LedgerRow(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getInt(3),
                        rows.getObject(4, OffsetDateTime.class),
                        rows.getObject(5, OffsetDateTime.class)));
            }
        }
        return ledger;
    }
}
