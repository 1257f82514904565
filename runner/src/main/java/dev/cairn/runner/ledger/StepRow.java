package dev.cairn.runner.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A line of {@code step}.
 *
 * @param ordinal its place, from 1
 * @param name how people find it
 * @param checksum of its text
 * @param done whether its effect is known to be there; otherwise it was started
 * @param note what was found before a statement outside a transaction was started, null for nothing
 * @param covers which statements of the plan it is for, null where a runner of version 0.1 wrote it
 */
public record StepRow(
        int ordinal,
        String name,
        String checksum,
        boolean done,
        @Nullable String note,
        @Nullable Statements covers) {

    /** A line of which no more is known. */
    public StepRow(int ordinal, String name, String checksum, boolean done, @Nullable String note) {
        this(ordinal, name, checksum, done, note, null);
    }

    /**
     * Statements of a step, one after the other. An empty step has the statements 1 to 0.
     *
     * @param step its place in the plan, from 1
     * @param first the place of the first one in the step, from 1
     * @param last the place of the last one
     */
    public record Statements(int step, int first, int last) {}
}
