package dev.cairn.runner.backfill.statement;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.backfill.key.BatchKeys;
import dev.cairn.runner.backfill.table.KeyScan;
import dev.cairn.runner.backfill.table.QueryPlan;
import dev.cairn.runner.backfill.table.TableFamily;
import dev.cairn.runner.backfill.table.WalkedTable;
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

/** A statement of the plan with the placeholder for a batch's condition. */
public final class StatementTemplate {
    /** As long as the placeholder, so that the server's positions stay correct. */
    private static final String NOTHING = "false ";

    private final String field;
    private final WalkedTable table;
    private final TableFamily parts;
    private final Statement statement;
    private final int occurrences;

    /**
     * @param field of the spec that has the statement
     * @throws MigrationFailure with {@link Reason#InvalidSpec} if it is not one statement with a placeholder
     */
    public StatementTemplate(String field, WalkedTable table, TableFamily parts, String sql) {
        this.field = field;
        this.table = table;
        this.parts = parts;
        this.statement = only(sql);
        this.occurrences = Placeholder.count(statement.sent(), Work.BATCH);
        if (occurrences == 0)
            throw invalid(Work.BATCH + " stands only in a string or a comment; write it where the batch's "
                    + "condition belongs, such as WHERE mood IS NULL AND " + Work.BATCH);
    }

    /** The statement as it is written. */
    Statement statement() {
        return statement;
    }

    /** The statement for such a batch, as it is sent. */
    public String confined(BatchKeys slice) {
        var predicate = table.key().predicate(table.qualifier(), slice);
        return Placeholder.replace(QuestionMarks.doubled(statement.sent()), Work.BATCH, predicate);
    }

    /** The number of its parameters. */
    public int parameters(BatchKeys slice) {
        return occurrences * table.key().parameters(slice).size();
    }

    /**
     * Sets the parameters of {@link #confined}.
     *
     * @return the place after the last one
     */
    public int bind(PreparedStatement statement, int first, BatchKeys slice) throws SQLException {
        int next = first;
        for (int n = 0; n < occurrences; n++)
            next = KeyScan.bind(statement, next, table.key().parameters(slice));
        return next;
    }

    /**
     * Asks the planner whether the placeholder confines the statement: with {@code false} instead of it, no part may
     * read the table. {@code a OR b AND :batch} would change the rows of {@code a} once for every batch.
     *
     * @return the planner's plan of the statement
     * @throws MigrationFailure with {@link Reason#InvalidSpec} if it does not, with {@link Reason#SqlError} if the
     *     server cannot read the statement
     */
    public QueryPlan requireConfined(Connection connection) throws SQLException {
        var explained = explained(connection);
        if (explained.scanned().stream().noneMatch(parts.names()::contains)) return explained;
        throw invalid(Work.BATCH + " does not confine the statement: even for an empty batch it would read "
                + table.name() + " (AND binds closer than OR). Put parentheses around the other conditions, as in "
                + "(a OR b) AND " + Work.BATCH + ". Repeat " + Work.BATCH
                + " in each part that reads the table, as in "
                + "WITH b AS (SELECT id FROM t WHERE " + Work.BATCH + ") UPDATE t … FROM b WHERE t.id = b.id AND "
                + Work.BATCH);
    }

    private QueryPlan explained(Connection connection) throws SQLException {
        try {
            return QueryPlan.of(connection, Placeholder.replace(statement.sent(), Work.BATCH, NOTHING));
        } catch (SQLException e) {
            if (SqlFailures.kind(e) != SqlFailures.Kind.PERMANENT) throw e;
            int position = SqlFailures.position(e) - QueryPlan.offset();
            throw SqlFailures.failure(position > 0 ? field + ", " + statement.placeOf(position) : field, e);
        }
    }

    private Statement only(String sql) {
        try {
            var statements = Script.of(sql).statements();
            if (statements.size() == 1) return statements.getFirst();
            throw invalid("one statement for each batch, not " + statements.size());
        } catch (SqlRefused e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private MigrationFailure invalid(String message) {
        return new MigrationFailure(Reason.InvalidSpec, field + ": " + message);
    }
}
