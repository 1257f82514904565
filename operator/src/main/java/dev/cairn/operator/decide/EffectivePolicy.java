package dev.cairn.operator.decide;

/**
 * What a migration's target allows now. It fails closed: without an {@link Open} policy no Job starts, and no suspended
 * Job resumes. An active Job is stopped where the target is {@link Frozen}, {@link Missing} or {@link Moved}.
 */
public sealed interface EffectivePolicy {
    /** The name of the MigrationTarget. */
    String target();

    /** The target allows its migrations to run. */
    record Open(String target) implements EffectivePolicy {}

    /** The target's spec suspends everything on it. */
    record Frozen(String target) implements EffectivePolicy {}

    /** The target does not exist, so nothing is allowed. */
    record Missing(String target) implements EffectivePolicy {}

    /**
     * The target was created again with another place of the ledger. A migration that has begun would begin again
     * there.
     *
     * @param was the former place of the ledger, such as {@code scope chat, schema cairn}
     * @param is its present place
     */
    record Moved(String target, String was, String is) implements EffectivePolicy {}

    /**
     * The target exists, but the specs of target and migration do not fit together.
     *
     * @param problem the problem, the middle of a sentence
     */
    record Unusable(String target, String problem) implements EffectivePolicy {}
}
