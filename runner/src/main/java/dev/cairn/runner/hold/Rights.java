package dev.cairn.runner.hold;

import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Checks whether the role can see other sessions. Without the right, the server returns NULL and no error. */
final class Rights {
    private static final String SEES = PinnedSql.of("""
        SELECT pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees,
               pg_catalog.quote_ident(current_user) AS role
        """);

    private Rights() {}

    /** The missing right; empty if none is missing. */
    static Optional<Reading> missing(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(SEES)) {
            rows.next();
            return rows.getBoolean("sees")
                    ? Optional.empty()
                    : Optional.of(new Reading.Unknown("the role " + rows.getString("role")
                            + " does not see other sessions: GRANT pg_monitor TO " + rows.getString("role")));
        }
    }
}
