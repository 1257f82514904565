package dev.cairn.runner.run;

import dev.cairn.plan.Forecast;
import dev.cairn.plan.Reason;
import org.jspecify.annotations.Nullable;

/**
 * How an engine ended well.
 *
 * @param reason {@link Reason#Applied}, {@link Reason#AlreadyApplied} or {@link Reason#DryRunComplete}
 * @param message one sentence
 * @param forecast what a dry run expects, null for any other run
 */
public record Result(
        Reason reason, String message, @Nullable Forecast forecast) {
    /** Of a run that was no dry run. */
    public Result(Reason reason, String message) {
        this(reason, message, null);
    }
}
