package dev.cairn.runner.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A row of {@code step}.
 *
 * @param ordinal its number, from 1
 * @param name its name in messages
 * @param checksum of its text
 * @param done true if it took effect; false if it was only started
 * @param note what was found before the start of a statement outside a transaction, null for nothing
 * @param covers the statements of the plan that it covers, null where a runner of version 0.1 wrote it
 */
public record StepRow(
        int ordinal,
        String name,
        String checksum,
        boolean done,
        @Nullable String note,
        @Nullable Statements covers) {

    /** A row without the statements that it covers. */
    public StepRow(int ordinal, String name, String checksum, boolean done, @Nullable String note) {
        this(ordinal, name, checksum, done, note, null);
    }

    /**
     * A sequence of statements of a step. An empty step has the statements 1 to 0.
     *
     * @param step the step's place in the plan, from 1
     * @param first the place of the first statement in the step, from 1
     * @param last the place of the last statement
     */
    public record Statements(int step, int first, int last) {}
}
