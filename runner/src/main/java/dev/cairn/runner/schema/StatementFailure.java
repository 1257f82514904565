package dev.cairn.runner.schema;

import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.sql.Statement;
import java.sql.SQLException;

/** Names the place of a failure in a step. */
final class StatementFailure {
    private StatementFailure() {}

    /** @throws SQLException unchanged, if a retry of the statement may succeed */
    static MigrationFailure of(Part part, Statement statement, SQLException e) throws SQLException {
        return switch (SqlFailures.kind(e)) {
            case REPEAT, CONNECTION_LOST -> throw e;
            case SERVER_FAULT, ACCESS_DENIED, CANCELLED, PERMANENT -> located(part, statement, e);
        };
    }

    /**
     * The failure with its place, such as {@code step 2, line 3, column 9 at "SELECT colour FROM t": column "colour"
     * does not exist}.
     */
    static MigrationFailure located(Part part, Statement statement, SQLException e) {
        return SqlFailures.failure(where(part, statement, e), e);
    }

    /** The place of the failure only. */
    static String where(Part part, Statement statement, SQLException e) {
        int position = SqlFailures.position(e);
        var place = position > 0 ? statement.placeOf(position) : statement.place();
        return part.name() + ", " + place + " at \"" + place.excerpt() + "\"";
    }
}
