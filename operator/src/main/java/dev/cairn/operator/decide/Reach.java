package dev.cairn.operator.decide;

import org.jspecify.annotations.Nullable;

/** What is known about a target's database. */
public sealed interface Reach {
    /**
     * There is no answer yet.
     *
     * @param job that asks, null while there is none
     * @param obstacle what prevents its pod's start, null for nothing
     */
    record Connecting(@Nullable String job, @Nullable StartFailure obstacle) implements Reach {}

    /**
     * This process has no answer yet; the target's status has the answer of an earlier process.
     *
     * @param connecting the state of this process's question
     */
    record Unconfirmed(Connecting connecting) implements Reach {}

    /** The last attempt failed. */
    record Failed(ReadingFailure failure) implements Reach {}

    /**
     * Its ledger was read.
     *
     * @param complete whether it was read for all migrations that need it
     */
    record Reached(boolean complete) implements Reach {}
}
