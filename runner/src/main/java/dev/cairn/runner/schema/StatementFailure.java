package dev.cairn.runner.schema;

import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.sql.Statement;
import java.sql.SQLException;

/** Says where in a step the server found its fault. */
final class StatementFailure {
    private StatementFailure() {}

    /** @throws SQLException as it was, if the same statement may succeed another time */
    static MigrationFailure of(Part part, Statement statement, SQLException e) throws SQLException {
        return switch (SqlFailures.kind(e)) {
            case REPEAT, CONNECTION_LOST -> throw e;
            case SERVER_FAULT, ACCESS_DENIED, CANCELLED, PERMANENT -> located(part, statement, e);
        };
    }

    /** Such as {@code step 2, line 3, column 9 at "SELECT colour FROM t": column "colour" does not exist}. */
    static MigrationFailure located(Part part, Statement statement, SQLException e) {
        return SqlFailures.failure(where(part, statement, e), e);
    }

    /** The place of the fault, without what it is. */
    static String where(Part part, Statement statement, SQLException e) {
        int position = SqlFailures.position(e);
        var place = position > 0 ? statement.placeOf(position) : statement.place();
        return part.name() + ", " + place + " at \"" + place.excerpt() + "\"";
    }
}
