package dev.cairn.runner.hold;

import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Whether the role sees what others do. Without the right, the server gives NULL instead of an error. */
final class Rights {
    private static final String SEES = PinnedSql.of("""
        SELECT pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees,
               pg_catalog.quote_ident(current_user) AS role
        """);

    private Rights() {}

    /** What is missing; empty where nothing is. */
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
