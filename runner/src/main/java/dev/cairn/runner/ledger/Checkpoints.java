package dev.cairn.runner.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * The table {@code checkpoint}: one row for each migration that is a container. {@link CheckpointFunction} moves it.
 */
public final class Checkpoints {
    private static final String SELECT = """
        SELECT cursor, rows, estimated_rows, commits,
               CASE WHEN commits > 0 THEN (extract(epoch FROM updated) * 1000)::bigint ELSE 0 END AS committed_at
          FROM %s.checkpoint WHERE scope = ? AND kind = ? AND name = ?
        """;
    private static final String INSERT = """
        INSERT INTO %s.checkpoint (scope, kind, name, token, updated) VALUES (?, ?, ?, ?, clock_timestamp())
        ON CONFLICT DO NOTHING
        """;
    private static final String OWN = "UPDATE %s.checkpoint SET token = ? WHERE scope = ? AND kind = ? AND name = ?";

    private final Ledger ledger;

    Checkpoints(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The row as it is; empty before a start has created it. */
    public Optional<CheckpointRow> read(Connection connection) throws SQLException {
        try (var query = ledger.prepare(connection, SELECT)) {
            ledger.identity(query, 1);
            try (var rows = query.executeQuery()) {
                if (!rows.next()) return Optional.empty();
                long estimate = rows.getLong("estimated_rows");
                var estimated = rows.wasNull() ? null : Long.valueOf(estimate);
                return Optional.of(new CheckpointRow(
                        rows.getString("cursor"),
                        rows.getLong("rows"),
                        estimated,
                        rows.getLong("commits"),
                        rows.getLong("committed_at")));
            }
        }
    }

    /**
     * Allows the container to move the checkpoint, from its present place.
     *
     * @throws FencedException if another start owns the migration
     */
    public CheckpointRow open(Connection connection, UUID token) throws SQLException {
        ledger.migrations().lockMine(connection, token);
        try (var insert = ledger.prepare(connection, INSERT)) {
            ledger.identity(insert, 1);
            insert.setObject(4, token);
            insert.executeUpdate();
        }
        return read(connection).orElseThrow();
    }

    /** Ends the container's right to move it. Waits for an open transaction that has moved it. */
    public void close(Connection connection) throws SQLException {
        own(connection, UUID.randomUUID());
    }

    /** Makes this start its owner. */
    void own(Connection connection, UUID token) throws SQLException {
        try (var update = ledger.prepare(connection, OWN)) {
            update.setObject(1, token);
            ledger.identity(update, 2);
            update.executeUpdate();
        }
    }
}
