package dev.cairn.runner.backfill;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.sql.Placeholder;
import dev.cairn.runner.sql.QuestionMarks;
import dev.cairn.runner.sql.Script;
import dev.cairn.runner.sql.SqlRefused;
import dev.cairn.runner.sql.Statement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The plan's statement, confined to one batch at a time. */
final class BatchStatement {
    /** As long as the placeholder, so that the server's positions stay right. */
    private static final String NOTHING = "false ";

    private static final String DESCENDANTS = """
        WITH RECURSIVE t (oid) AS (SELECT ?::oid UNION
            SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN t ON i.inhparent = t.oid)
        SELECT n.nspname || '.' || c.relname
          FROM t JOIN pg_catalog.pg_class c USING (oid) JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        """;

    private final WalkedTable table;
    private final Statement statement;
    private final int occurrences;
    private final String fromStart;
    private final String afterKey;

    /** @throws MigrationFailure with {@link Reason#InvalidSpec} if it is not one statement with a placeholder */
    BatchStatement(WalkedTable table, String sql) {
        this.table = table;
        this.statement = only(sql);
        this.occurrences = Placeholder.count(statement.text(), Work.BATCH);
        if (occurrences == 0)
            throw invalid("sql: " + Work.BATCH + " stands only in a string or a comment; write it where the batch's "
                    + "condition belongs, such as WHERE mood IS NULL AND " + Work.BATCH);
        var text = QuestionMarks.doubled(statement.text());
        this.fromStart = Placeholder.replace(text, Work.BATCH, table.key().between(table.qualifier(), false));
        this.afterKey = Placeholder.replace(text, Work.BATCH, table.key().between(table.qualifier(), true));
    }

    /**
     * Runs it for the keys after one and up to another, in the caller's transaction.
     *
     * @return rows that it changed, or gave back
     */
    long run(Connection connection, @Nullable List<String> after, List<String> upTo) throws SQLException {
        var once = table.key().parameters(after, upTo);
        var all = new ArrayList<String>();
        for (int n = 0; n < occurrences; n++) all.addAll(once);
        try (var batch = connection.prepareStatement(after == null ? fromStart : afterKey)) {
            Bounds.bind(batch, 1, all);
            return batch.execute() ? given(batch) : Math.max(0, batch.getLargeUpdateCount());
        }
    }

    private static long given(PreparedStatement batch) throws SQLException {
        long count = 0;
        try (var rows = batch.getResultSet()) {
            while (rows.next()) count++;
        }
        return count;
    }

    /**
     * Asks the planner whether the placeholder confines the statement: with {@code false} in its place, nothing may read
     * the table any more. {@code a OR b AND :batch} would change the rows of {@code a} once for every batch.
     *
     * @throws MigrationFailure with {@link Reason#InvalidSpec} if it does not, with {@link Reason#SqlError} if the server
     *     cannot read the statement
     */
    void requireConfined(Connection connection) throws SQLException {
        var scanned = explained(connection).scanned();
        var walked = descendants(connection);
        if (scanned.stream().noneMatch(walked::contains)) return;
        throw invalid("sql: " + Work.BATCH + " does not confine the statement: even for an empty batch it would read "
                + table.name() + " (AND binds closer than OR). Put parentheses around the other conditions, as in "
                + "(a OR b) AND " + Work.BATCH + ", and repeat " + Work.BATCH + " in each part that reads the table");
    }

    private Explained explained(Connection connection) throws SQLException {
        try {
            return Explained.of(connection, Placeholder.replace(statement.text(), Work.BATCH, NOTHING));
        } catch (SQLException e) {
            if (SqlFailures.kind(e) != SqlFailures.Kind.PERMANENT) throw e;
            int position = SqlFailures.position(e) - Explained.offset();
            throw SqlFailures.failure(position > 0 ? "sql, " + statement.placeOf(position) : "sql", e);
        }
    }

    private List<String> descendants(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement(DESCENDANTS)) {
            query.setLong(1, table.oid());
            var found = new ArrayList<String>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) found.add(rows.getString(1));
            }
            return found;
        }
    }

    private static Statement only(String sql) {
        try {
            var statements = Script.of(sql).statements();
            if (statements.size() == 1) return statements.getFirst();
            throw invalid("sql: one statement for each batch, not " + statements.size());
        } catch (SqlRefused e) {
            throw invalid("sql: " + e.getMessage());
        }
    }

    private static MigrationFailure invalid(String message) {
        return new MigrationFailure(Reason.InvalidSpec, message);
    }
}
