package dev.cairn.runner.schema;

import dev.cairn.runner.ledger.StepRow;
import dev.cairn.runner.sql.Statement;
import dev.cairn.runner.sql.TransactionMode;
import java.util.ArrayList;
import java.util.List;

/**
 * A unit of execution. It is a whole step. If the step has statements that must run alone, it is one such statement, or
 * the statements between two of them.
 *
 * @param ordinal its number among the migration's rows in the ledger, from 1
 * @param step its step's place in the plan, from 0
 * @param firstStatement the place of its first statement in its step, from 1
 * @param name for people, such as {@code step 3, part 2 of 3}
 * @param settings the SET statements of earlier parts of its step, which apply to the whole step
 * @param statements at least one, unless the step is empty
 * @param nature of the statement that runs alone, else {@link TransactionMode.InTransaction}
 * @param checksum {@code sha256:} and 64 hexadecimal digits over the statements, without the text between them
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

    /** The statements of the plan that its row covers. */
    StepRow.Statements covers() {
        return new StepRow.Statements(step + 1, firstStatement, firstStatement + statements.size() - 1);
    }

    /** Whether a reset of the session undoes all that it leaves there. */
    boolean endsWithReset() {
        return statements.stream().allMatch(Statement::endsWithReset)
                && settings.stream().allMatch(Statement::endsWithReset);
    }

    /** The same part with another number in the ledger. */
    Part at(int place) {
        return new Part(place, step, firstStatement, name, settings, statements, nature, checksum);
    }

    /** The rest of it after its first statements. Their SET statements still apply. */
    Part after(int done) {
        var set = new ArrayList<>(settings);
        statements.subList(0, done).stream().filter(Statement::setsSession).forEach(set::add);
        var left = statements.subList(done, statements.size());
        return new Part(ordinal, step, firstStatement + done, name, set, left, nature, StatementDigest.of(left));
    }
}
