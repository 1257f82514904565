package dev.cairn.runner.ledger;

/**
 * A line of {@code step}.
 *
 * @param ordinal its place, from 1
 * @param name how people find it
 * @param checksum of its text
 * @param done whether its effect is known to be there; otherwise it was started
 */
public record StepRow(int ordinal, String name, String checksum, boolean done) {}
