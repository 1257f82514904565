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
 */
public record StepRow(
        int ordinal,
        String name,
        String checksum,
        boolean done,
        @Nullable String note) {}
