package dev.cairn.operator.decide;

/**
 * What is allowed on a migration's target now. It fails closed: without an {@link Open} policy no Job starts, and none that
 * is suspended goes on. A Job at work is stopped where the target is {@link Frozen}, {@link Missing} or {@link Moved}.
 */
public sealed interface EffectivePolicy {
    /** The name of the MigrationTarget. */
    String target();

    /** The target lets its migrations run. */
    record Open(String target) implements EffectivePolicy {}

    /** The target's spec suspends everything on it. */
    record Frozen(String target) implements EffectivePolicy {}

    /** There is no such target, so nobody allows anything. */
    record Missing(String target) implements EffectivePolicy {}

    /**
     * The target was created again and keeps its ledger elsewhere: what has begun would begin again there.
     *
     * @param was where the ledger was, such as {@code scope chat, schema cairn}
     * @param is where it is now
     */
    record Moved(String target, String was, String is) implements EffectivePolicy {}

    /**
     * There is such a target, and it does not allow this migration as both are written.
     *
     * @param problem what is wrong, the middle of a sentence
     */
    record Unusable(String target, String problem) implements EffectivePolicy {}
}
