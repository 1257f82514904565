package dev.cairn.runner.run;

import dev.cairn.plan.Reason;

/**
 * How an engine ended well.
 *
 * @param reason {@link Reason#Applied} or {@link Reason#AlreadyApplied}
 * @param message one sentence
 */
public record Result(Reason reason, String message) {}
