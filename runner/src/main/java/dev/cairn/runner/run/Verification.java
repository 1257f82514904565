package dev.cairn.runner.run;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.session.SqlFailures.Kind;
import dev.cairn.runner.session.Transaction;
import dev.cairn.runner.sql.QuestionMarks;
import dev.cairn.runner.sql.Script;
import dev.cairn.runner.sql.SqlRefused;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The query that says whether the work is right. It may only read. */
public final class Verification {
    private static final String LIMITS = """
        SELECT pg_catalog.set_config('transaction_read_only', 'on', true),
               pg_catalog.set_config('statement_timeout', '30min', true)
        """;

    private final Run run;

    public Verification(Run run) {
        this.run = run;
    }

    /**
     * Asks it, in a transaction of its own.
     *
     * @throws MigrationFailure if it gives anything but one true, or cannot be run; what was done stays
     * @throws SQLException if the connection was lost, or a lock was not to be had
     */
    public void require(Connection connection, String query) throws SQLException {
        requireOne(query);
        run.progress().activity(Activity.Verifying);
        Log.info("verifying");
        var answer = answer(connection, query);
        if (!answer.equals("true"))
            throw new MigrationFailure(
                    Reason.VerifyFailed,
                    "verify returned " + answer
                            + " instead of true; the rows that were changed stay changed. Look with "
                            + "the verify query, then correct the migration or the data and retry");
    }

    /**
     * Sees that the query can be asked, before the work that it is to judge; it is not run.
     *
     * @throws MigrationFailure if the server cannot read it, or it does not give one boolean
     */
    public void requireReadable(Connection connection, String query) throws SQLException {
        requireOne(query);
        try (var statement = connection.prepareStatement(QuestionMarks.doubled(query))) {
            var columns = statement.getMetaData();
            if (columns != null
                    && columns.getColumnCount() == 1
                    && columns.getColumnTypeName(1).equals("bool")) return;
            throw new MigrationFailure(Reason.InvalidSpec, "verify: one query that returns one boolean");
        } catch (SQLException e) {
            if (SqlFailures.kind(e) == Kind.PERMANENT) throw SqlFailures.failure("verify", e);
            throw e;
        }
    }

    /** A second statement could end the transaction that keeps the first one from writing. */
    private static void requireOne(String query) {
        try {
            if (Script.of(query).statements().size() == 1) return;
        } catch (SqlRefused e) {
            throw new MigrationFailure(Reason.InvalidSpec, "verify: " + e.getMessage(), null, null, e);
        }
        throw new MigrationFailure(Reason.InvalidSpec, "verify: one query that returns one boolean");
    }

    private String answer(Connection connection, String query) throws SQLException {
        try {
            return Transaction.in(connection, c -> {
                try (var statement = c.createStatement()) {
                    statement.execute(LIMITS);
                    statement.setEscapeProcessing(false);
                    try (var rows = statement.executeQuery(query)) {
                        return only(rows);
                    }
                }
            });
        } catch (SQLException e) {
            run.stop().check();
            if ("25006".equals(e.getSQLState()))
                throw new MigrationFailure(
                        Reason.SqlError, "verify: it may only read: " + SqlFailures.text(e), "25006", null, e);
            var kind = SqlFailures.kind(e);
            if (kind == Kind.PERMANENT || kind == Kind.CANCELLED) throw SqlFailures.failure("verify", e);
            throw e;
        }
    }

    private static String only(ResultSet rows) throws SQLException {
        if (rows.getMetaData().getColumnCount() != 1) return "several columns";
        if (!rows.getMetaData().getColumnTypeName(1).equals("bool"))
            return "a " + rows.getMetaData().getColumnTypeName(1);
        if (!rows.next()) return "no row";
        boolean value = rows.getBoolean(1);
        var text = rows.wasNull() ? "null" : String.valueOf(value);
        return rows.next() ? "several rows" : text;
    }
}
