package dev.cairn.runner.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table {@code walk}: what a backfill froze when it first started. */
public final class Walks {
    private static final String SELECT = """
        SELECT over_json, relation, key_columns, key_types, key_collations, collation_versions
          FROM %s.walk WHERE scope = ? AND kind = ? AND name = ?
        """;
    private static final String INSERT = """
        INSERT INTO %s.walk (scope, kind, name, over_json, relation, key_columns, key_types, key_collations,
                             collation_versions)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;
    private static final String DELETE = "DELETE FROM %s.walk WHERE scope = ? AND kind = ? AND name = ?";

    private final Ledger ledger;

    Walks(Ledger ledger) {
        this.ledger = ledger;
    }

    /** What was frozen; empty before the first start got that far. */
    public Optional<WalkRow> read(Connection connection) throws SQLException {
        try (var query = ledger.prepare(connection, SELECT)) {
            ledger.identity(query, 1);
            try (var rows = query.executeQuery()) {
                if (!rows.next()) return Optional.empty();
                return Optional.of(new WalkRow(
                        rows.getString("over_json"),
                        rows.getString("relation"),
                        texts(rows, "key_columns"),
                        texts(rows, "key_types"),
                        texts(rows, "key_collations"),
                        texts(rows, "collation_versions")));
            }
        }
    }

    /** Writes down a new walk and its ranges, which {@code token} owns. */
    public void begin(Connection connection, UUID token, WalkRow walk, List<RangeRow> ranges) throws SQLException {
        try (var insert = ledger.prepare(connection, INSERT)) {
            ledger.identity(insert, 1);
            insert.setString(4, walk.over());
            insert.setString(5, walk.relation());
            insert.setArray(6, Ledger.texts(connection, walk.columns()));
            insert.setArray(7, Ledger.texts(connection, walk.types()));
            insert.setArray(8, Ledger.texts(connection, walk.collations()));
            insert.setArray(9, Ledger.texts(connection, walk.collationVersions()));
            insert.executeUpdate();
        }
        for (var range : ranges) ledger.ranges().insert(connection, token, range);
    }

    /** Throws the walk away, checkpoints and all: the next one begins at the first key. */
    public void forget(Connection connection, String why) throws SQLException {
        try (var delete = ledger.prepare(connection, DELETE)) {
            ledger.identity(delete, 1);
            delete.executeUpdate();
        }
        ledger.ranges().forget(connection);
        ledger.listed().forget(connection);
        ledger.event(connection, "WalkRestarted", why);
    }

    private static List<String> texts(ResultSet rows, String column) throws SQLException {
        return List.of((String[]) rows.getArray(column).getArray());
    }
}
