package dev.cairn.runner.schema;

import dev.cairn.runner.ledger.StepRow;
import dev.cairn.runner.sql.Statement;
import dev.cairn.runner.sql.TransactionMode;
import java.util.ArrayList;
import java.util.List;

/**
 * What is carried out as one: a whole step, or, of a step that holds statements that must be alone, one such statement
 * or those between two of them.
 *
 * @param ordinal its place among the migration's lines in the ledger, from 1
 * @param step its step's place in the plan, from 0
 * @param firstStatement the place of its first statement in its step, from 1
 * @param name for people, such as {@code step 3, part 2 of 3}
 * @param settings the SET statements of earlier parts of its step, which hold for all of the step
 * @param statements at least one, unless the step is empty
 * @param nature of the statement that is alone, else {@link TransactionMode.InTransaction}
 * @param checksum {@code sha256:} and 64 hexadecimal digits over the statements, not over what stands between them
 */
record Part(
        int ordinal,
        int step,
        int firstStatement,
        String name,
        List<Statement> settings,
        List<Statement> statements,
        TransactionMode nature,
        String checksum) {

    Part {
        settings = List.copyOf(settings);
        statements = List.copyOf(statements);
    }

    /** Which statements of the plan its line covers. */
    StepRow.Statements covers() {
        return new StepRow.Statements(step + 1, firstStatement, firstStatement + statements.size() - 1);
    }

    /** Whether a session can be reset after it as if it had never run there. */
    boolean endsWithReset() {
        return statements.stream().allMatch(Statement::endsWithReset)
                && settings.stream().allMatch(Statement::endsWithReset);
    }

    /** The same as another line of the ledger. */
    Part at(int place) {
        return new Part(place, step, firstStatement, name, settings, statements, nature, checksum);
    }

    /** What is left of it where its first statements are done; what they set goes on. */
    Part after(int done) {
        var set = new ArrayList<>(settings);
        statements.subList(0, done).stream().filter(Statement::setsSession).forEach(set::add);
        var left = statements.subList(done, statements.size());
        return new Part(ordinal, step, firstStatement + done, name, set, left, nature, StatementDigest.of(left));
    }
}
