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

/** The query that says whether the work is right, asked as a whole. It may only read. */
public final class Verification {
    /** How long the query may take, also where it waits for a lock. */
    public static final Duration LIMIT = Duration.ofMinutes(30);

    /** One snapshot: what a batch is and what the query says of it are seen at the same moment. */
    private static final String READ_ONLY = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

    private static final String TIMEOUT =
            "SELECT pg_catalog.set_config('statement_timeout', '" + LIMIT.toMillis() + "ms', true)";

    /** The driver's type for it. Its name would make the driver ask the catalogue where the column is a table's. */
    private static final int BOOLEAN = Types.BIT;

    private final Run run;

    public Verification(Run run) {
        this.run = run;
    }

    /**
     * What the query said.
     *
     * @param text {@code true}, {@code false}, or what it was instead
     * @param where in which part of the work, as the message has it; empty for all of it
     */
    public record Answer(String text, String where) {
        public boolean isTrue() {
            return text.equals("true");
        }

        public boolean isFalse() {
            return text.equals("false");
        }

        /**
         * Why the migration ends with this one.
         *
         * @param more what may explain it, empty for nothing
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
     * Asks it, in a transaction of its own.
     *
     * @throws MigrationFailure if it gives anything but one true, or cannot be run; what was done stays
     * @throws SQLException if the connection was lost, or a lock was not to be had
     */
    public void require(Connection connection, String query) throws SQLException {
        var answer = ask(connection, query);
        if (!answer.isTrue()) throw answer.failure("");
    }

    /** Asks it, in a transaction of its own; throws as {@link #require} does where it cannot be run. */
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
     * Sees that the query can be asked, before the work that it is to judge; it is not run.
     *
     * @throws MigrationFailure if the server cannot read it, or it does not give one boolean
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

    /** Without its semicolon. A second statement could end the transaction that keeps the first one from writing. */
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
     * Looks at the database in a transaction of its own, which may only read and sees one moment.
     *
     * @throws MigrationFailure if the server refuses what is asked there
     * @throws SQLException if the connection was lost, or a lock was not to be had
     */
    public <T> T reading(Connection connection, Transaction.Work<T> look) throws SQLException {
        try {
            return Transaction.in(connection, c -> {
                execute(c, READ_ONLY);
                // A replica's answer may be an old one.
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

    /** What the query says, in the caller's transaction: {@code true}, {@code false}, or what it was instead. */
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
