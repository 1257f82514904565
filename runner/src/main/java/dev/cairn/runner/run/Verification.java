package dev.cairn.runner.run;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.session.Described;
import dev.cairn.runner.session.ReadOnly;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.session.SqlFailures.Kind;
import dev.cairn.runner.session.Transaction;
import dev.cairn.runner.sql.QuestionMarks;
import dev.cairn.runner.sql.Script;
import dev.cairn.runner.sql.SqlRefused;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;

/** Runs the verify query as a whole. The query may only read. */
public final class Verification {
    /** How long the query may take, also where it waits for a lock. */
    public static final Duration LIMIT = Duration.ofMinutes(30);

    /** One snapshot: the bounds of a batch and the query's result come from the same moment. */
    private static final String READ_ONLY = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

    private static final String TIMEOUT =
            "SELECT pg_catalog.set_config('statement_timeout', '" + LIMIT.toMillis() + "ms', true)";

    /**
     * The driver's type of a boolean. For its name the driver would query the catalogue if the column is one of a
     * table.
     */
    private static final int BOOLEAN = Types.BIT;

    private final Run run;

    public Verification(Run run) {
        this.run = run;
    }

    /**
     * The result of the query.
     *
     * @param text {@code true}, {@code false}, or a description of another result
     * @param where the part of the work, in the words of the message; empty for all of it
     */
    public record Answer(String text, String where) {
        public boolean isTrue() {
            return text.equals("true");
        }

        public boolean isFalse() {
            return text.equals("false");
        }

        /**
         * The failure of a migration with this result.
         *
         * @param more a possible explanation, empty for none
         */
        public MigrationFailure failure(String more) {
            return new MigrationFailure(
                    Reason.VerifyFailed,
                    "verify returned " + text + where
                            + " instead of true" + more + "; the rows that were changed stay changed. Look with "
                            + "the verify query, then correct the migration or the data and retry");
        }
    }

    /**
     * Runs the query, in its own transaction.
     *
     * @throws MigrationFailure if it returns anything but one true, or cannot run. Changed rows stay changed
     * @throws SQLException if the connection was lost, or a lock was not available
     */
    public void require(Connection connection, String query) throws SQLException {
        var answer = ask(connection, query);
        if (!answer.isTrue()) throw answer.failure("");
    }

    /** Runs the query, in its own transaction. It throws as {@link #require} does where the query cannot run. */
    public Answer ask(Connection connection, String query) throws SQLException {
        var one = one(query);
        run.progress().activity(Activity.Verifying);
        Log.info("verifying");
        return reading(connection, c -> {
            try (var statement = c.prepareStatement(QuestionMarks.doubled(one))) {
                return new Answer(text(statement), "");
            } catch (SQLException e) {
                throw SqlFailures.ofStatement(query, e);
            }
        });
    }

    /**
     * Checks, before the work, that the server can read the query. It does not run the query.
     *
     * @throws MigrationFailure if the server cannot read it, or it does not return one boolean
     */
    public void requireReadable(Connection connection, String query) throws SQLException {
        requireBoolean(connection, QuestionMarks.doubled(one(query)), 0);
    }

    /**
     * The same for a query with parameters.
     *
     * @param query as it is sent
     * @param parameters how many it has
     */
    public void requireBoolean(Connection connection, String query, int parameters) throws SQLException {
        try (var statement = connection.prepareStatement(Described.withoutRows(query))) {
            for (int n = 1; n <= parameters; n++) statement.setNull(n, Types.OTHER);
            try (var none = statement.executeQuery()) {
                var columns = none.getMetaData();
                if (columns.getColumnCount() == 1 && columns.getColumnType(1) == BOOLEAN) return;
            }
            throw new MigrationFailure(Reason.InvalidSpec, "verify: one query that returns one boolean");
        } catch (SQLException e) {
            var refused = SqlFailures.ofStatement(query, e);
            if (SqlFailures.kind(e) == Kind.PERMANENT) throw SqlFailures.failure("verify", refused);
            throw refused;
        }
    }

    /** The query without its semicolon. A second statement could end the read-only transaction. */
    private static String one(String query) {
        try {
            var statements = Script.of(query).statements();
            if (statements.size() == 1) return statements.getFirst().sent();
        } catch (SqlRefused e) {
            throw new MigrationFailure(Reason.InvalidSpec, "verify: " + e.getMessage(), null, null, e);
        }
        throw new MigrationFailure(Reason.InvalidSpec, "verify: one query that returns one boolean");
    }

    /**
     * Reads the database in a separate transaction, read only and with one snapshot.
     *
     * @throws MigrationFailure if the server refuses a statement
     * @throws SQLException if the connection was lost, or a lock was not available
     */
    public <T> T reading(Connection connection, Transaction.Work<T> look) throws SQLException {
        try {
            return Transaction.in(connection, c -> {
                execute(c, READ_ONLY);
                // A replica may return old data.
                ReadOnly.requirePrimary(c);
                execute(c, "SET LOCAL row_security = off");
                return look.on(c);
            });
        } catch (SQLException e) {
            run.stop().check();
            if (ReadOnly.isRefusal(e))
                throw new MigrationFailure(
                        Reason.SqlError, "verify: it may only read: " + SqlFailures.text(e), "25006", null, e);
            var kind = SqlFailures.kind(e);
            if (kind == Kind.CANCELLED)
                throw SqlFailures.failure(
                        "verify, which may take " + LIMIT.toMinutes() + " minutes (with :batch in it, for each batch)",
                        e);
            if (kind == Kind.PERMANENT) throw SqlFailures.failure("verify", e);
            throw e;
        }
    }

    /**
     * The query's result, in the caller's transaction: {@code true}, {@code false}, or a description of another result.
     */
    public static String text(PreparedStatement query) throws SQLException {
        execute(query.getConnection(), TIMEOUT);
        try (var rows = query.executeQuery()) {
            return only(rows);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String only(ResultSet rows) throws SQLException {
        if (rows.getMetaData().getColumnCount() != 1) return "several columns";
        if (rows.getMetaData().getColumnType(1) != BOOLEAN)
            return "a " + rows.getMetaData().getColumnTypeName(1);
        if (!rows.next()) return "no row";
        boolean value = rows.getBoolean(1);
        var text = rows.wasNull() ? "null" : String.valueOf(value);
        return rows.next() ? "several rows" : text;
    }
}
