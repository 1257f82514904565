package dev.cairn.operator.decide;

import dev.cairn.crds.Phase;

/**
 * What is said about a migration.
 *
 * @param reason one word; it implies the phase
 * @param message one sentence: the object, the cause, the next step
 */
public record Verdict(StatusReason reason, String message) {
    /** The phase that the reason belongs to. */
    public Phase phase() {
        return reason.phase();
    }

    /** The message of an Event, without figures, so that the same thing happening again is counted in one Event. */
    public String lasting() {
        return reason == StatusReason.Throttled
                ? "It waits until the database recovers, and goes on by itself: status.progress.heldBy says what holds."
                : message;
    }

    /**
     * Of a migration that has to wait for others on its target. It names none of them: they change while it waits, and
     * each change would be a write for every one that waits.
     */
    public static Verdict queued(String self, String target) {
        return new Verdict(
                StatusReason.AnotherMigrationRuns,
                "%s waits for its turn on MigrationTarget/%s: status.queue of the target shows the order."
                        .formatted(self, target));
    }

    /** Of a migration that waits for a Job with Cairn's labels that belongs to no migration. */
    public static Verdict queuedBehind(String self, String target, String job) {
        return new Verdict(
                StatusReason.AnotherMigrationRuns,
                "%s waits for Job %s, which is at work on MigrationTarget/%s and belongs to no migration any more: wait for its end, or delete it. Cairn looks again every half a minute."
                        .formatted(self, job, target));
    }

    /** Of a new migration that does not start before its target's ledger was asked about it. */
    static Verdict asked(String self, String target) {
        return new Verdict(
                StatusReason.AnotherMigrationRuns,
                "%s waits for the Job that reads the ledger of MigrationTarget/%s, which may list it as applied: it goes on by itself within half a minute."
                        .formatted(self, target));
    }
}
