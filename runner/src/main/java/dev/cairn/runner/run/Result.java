package dev.cairn.runner.run;

import dev.cairn.plan.Forecast;
import dev.cairn.plan.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The successful end of an engine.
 *
 * @param reason {@link Reason#Applied}, {@link Reason#AlreadyApplied} or {@link Reason#DryRunComplete}
 * @param message one sentence
 * @param forecast what a dry run expects, null for any other run
 */
public record Result(
        Reason reason, String message, @Nullable Forecast forecast) {
    /** The result of a run that is no dry run. */
    public Result(Reason reason, String message) {
        this(reason, message, null);
    }
}
