package dev.cairn.runner.schema;

import dev.cairn.runner.sql.Nature;
import dev.cairn.runner.sql.Statement;
import java.util.List;

/**
 * What is carried out as one: a whole step, or, of a step that holds statements that must be alone, one such statement
 * or those between two of them.
 *
 * @param ordinal its place among all parts of the migration, from 1: its key in the ledger
 * @param step its step's place in the plan, from 0
 * @param name for people, such as {@code step 3, part 2 of 3}
 * @param settings the SET statements of earlier parts of its step, which hold for all of the step
 * @param statements at least one, unless the step is empty
 * @param nature of the statement that is alone, else {@link Nature.InTransaction}
 * @param checksum {@code sha256:} and 64 hexadecimal digits over the statements, not over what stands between them
 */
record Part(
        int ordinal,
        int step,
        String name,
        List<Statement> settings,
        List<Statement> statements,
        Nature nature,
        String checksum) {

    Part {
        settings = List.copyOf(settings);
        statements = List.copyOf(statements);
    }
}
