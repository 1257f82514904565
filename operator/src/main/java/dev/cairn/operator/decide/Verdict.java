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

    /** Of a migration that has to wait for another one on its target. */
    public static Verdict queuedBehind(String self, String target, String ahead) {
        return new Verdict(
                StatusReason.AnotherMigrationRuns,
                "%s waits for its turn on MigrationTarget/%s: %s goes first.".formatted(self, target, ahead));
    }
}
