package dev.cairn.runner.hold;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A number that one SELECT reads.
 *
 * @param sql returns one row with the number
 * @param ofOthers whether it reads about other sessions, which the server hides from a role without the right
 */
record OneNumber(String sql, boolean ofOthers) implements Signal {
    @Override
    public Reading read(Connection primary) throws SQLException {
        if (ofOthers) {
            var missing = Rights.missing(primary);
            if (missing.isPresent()) return missing.get();
        }
        try (var statement = primary.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return Reading.Amount.of(rows.getLong(1));
        }
    }
}
