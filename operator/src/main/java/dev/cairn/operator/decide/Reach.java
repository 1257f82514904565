package dev.cairn.operator.decide;

import org.jspecify.annotations.Nullable;

/** What is known of a target's database. */
public sealed interface Reach {
    /**
     * Nobody has an answer yet.
     *
     * @param job that asks, null while there is none
     * @param obstacle what keeps its pod from starting, null for nothing
     */
    record Connecting(@Nullable String job, @Nullable StartFailure obstacle) implements Reach {}

    /**
     * This process has not asked yet; the target's status says what an earlier one found.
     *
     * @param connecting how far this one is
     */
    record Unconfirmed(Connecting connecting) implements Reach {}

    /** The last try failed. */
    record Failed(ReadingFailure failure) implements Reach {}

    /**
     * Its ledger was read.
     *
     * @param complete whether for all migrations that it had to be read for
     */
    record Reached(boolean complete) implements Reach {}
}
