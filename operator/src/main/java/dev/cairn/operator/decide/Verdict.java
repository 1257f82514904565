package dev.cairn.operator.decide;

import dev.cairn.crds.Phase;

/**
 * The reason and message of a migration's status.
 *
 * @param reason one word; it implies the phase
 * @param message one sentence: the object, the cause, the next step
 */
public record Verdict(StatusReason reason, String message) {
    /** The phase of the reason. */
    public Phase phase() {
        return reason.phase();
    }

    /** The message of an Event, without numbers. So a repetition counts in the same Event. */
    public String lasting() {
        return reason == StatusReason.Throttled
                ? "It waits until the database recovers, and goes on by itself: status.progress.heldBy says what holds."
                : message;
    }

    /**
     * The verdict of a migration that waits for others on its target. It names none of them: they change, and each
     * change would cause a write for every waiting migration.
     */
    public static Verdict queued(String self, String target) {
        return new Verdict(
                StatusReason.AnotherMigrationRuns,
                "%s waits for its turn on MigrationTarget/%s: status.queue of the target shows the order."
                        .formatted(self, target));
    }

    /** The verdict of a migration that waits for a Job with Cairn's labels that belongs to no migration. */
    public static Verdict queuedBehind(String self, String target, String job) {
        return new Verdict(
                StatusReason.AnotherMigrationRuns,
                "%s waits for Job %s, which is at work on MigrationTarget/%s and belongs to no migration any more: wait for its end, or delete it. Cairn looks again every half a minute."
                        .formatted(self, job, target));
    }

    /** The verdict of a new migration that waits for the ledger's answer about it. */
    static Verdict asked(String self, String target) {
        return new Verdict(
                StatusReason.AnotherMigrationRuns,
                "%s waits for the Job that reads the ledger of MigrationTarget/%s, which may list it as applied: it goes on by itself within half a minute."
                        .formatted(self, target));
    }
}
