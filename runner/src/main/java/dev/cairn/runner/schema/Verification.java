package dev.cairn.runner.schema;

import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.session.SqlFailures.Kind;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** A query that must return one row with one boolean, true. */
final class Verification {
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final String query;

    Verification(String query) {
        this.query = query;
    }

    /** @throws MigrationFailure if it returns anything else, or fails; what was done before stays */
    void check(Session session) throws SQLException {
        Transaction.run(session.connection(), connection -> {
            session.execute("SET TRANSACTION READ ONLY");
            session.execute("SET LOCAL statement_timeout = " + LIMIT.toMillis());
            ask(session, connection);
        });
    }

    private void ask(Session session, Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (var rows = statement.executeQuery(query)) {
                judge(rows);
            }
        } catch (SQLException e) {
            session.checkStop();
            // Elsewhere it means a standby, and another connection: here it is the query that writes.
            if ("25006".equals(e.getSQLState()))
                throw new MigrationFailure(
                        Reason.InvalidSpec,
                        "verify has to be a query that only reads: " + SqlFailures.text(e),
                        e.getSQLState(),
                        null,
                        e);
            var kind = SqlFailures.kind(e);
            if (kind == Kind.REPEAT || kind == Kind.CONNECTION_LOST) throw e;
            throw SqlFailures.failure("verify", e);
        }
    }

    private static void judge(ResultSet rows) throws SQLException {
        if (!rows.next()) throw failure("returned no row");
        var value = rows.getObject(1);
        if (rows.getMetaData().getColumnCount() != 1 || rows.next()) throw failure("returned more than one value");
        if (!Boolean.TRUE.equals(value)) throw failure("returned " + value);
    }

    private static MigrationFailure failure(String what) {
        return new MigrationFailure(
                Reason.VerifyFailed,
                "verify " + what + ", and has to return true: what the migration did stays; "
                        + "see which rows are not right, mend the migration, and start it again");
    }
}
