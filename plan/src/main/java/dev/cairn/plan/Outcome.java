package dev.cairn.plan;

import static dev.cairn.plan.Check.require;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a run of the runner ended: the container's termination message.
 *
 * @param reason why; it decides the exit code
 * @param message one sentence or more: the object, the cause, the next step
 * @param sqlState the server's five characters, null where the server refused nothing
 * @param hint the server's own hint, null for none
 * @param progress how far the migration is
 * @param forecast what a dry run expects, null for any other run
 */
public record Outcome(
        Reason reason,
        String message,
        @Nullable String sqlState,
        @Nullable String hint,
        Progress progress,
        @Nullable Forecast forecast) {

    /**
     * An outcome without progress comes from a version that did not write it.
     *
     * @throws IllegalArgumentException if there is no reason or no message
     */
    public Outcome {
        require(reason != null && message != null, "outcome: a reason and a message");
        progress = progress == null ? Progress.NONE : progress;
    }

    /** The outcome of a run that is no dry run. */
    public Outcome(Reason reason, String message, @Nullable String sqlState, @Nullable String hint, Progress progress) {
        this(reason, message, sqlState, hint, progress, null);
    }

    /** Kubernetes keeps this many bytes of a termination message. */
    public static final int MAX_BYTES = 4096;

    private static final int MAX_MESSAGE = 1200;
    private static final int MAX_HINT = 300;
    private static final int MAX_HOLD = 60;
    private static final int MAX_PLAN = 1600;
    private static final int MAX_WARNING = 300;

    /**
     * JSON of at most {@value #MAX_BYTES} bytes. Texts are cut; ranges and the query plan are left out until it fits.
     */
    public String toTerminationMessage() {
        var shortened = new Outcome(
                reason, cut(message, MAX_MESSAGE), sqlState, hint == null ? null : cut(hint, MAX_HINT), progress);
        int ranges = progress.ranges().size();
        int plan = forecast == null ? 0 : MAX_PLAN;
        for (; ; ranges /= 2, plan /= 2) {
            var json = Json.write(shortened.withRanges(ranges).with(shortened(plan)));
            if (fits(json)) return json;
            if (ranges == 0 && plan == 0)
                return Json.write(shortened.inAscii().withRanges(0).with(bare()));
        }
    }

    /** @throws IllegalArgumentException if it is not an outcome: a container that died may leave any text there */
    public static Outcome fromTerminationMessage(String json) {
        return Json.read(json, Outcome.class);
    }

    private @Nullable Forecast shortened(int plan) {
        if (forecast == null) return null;
        var warnings =
                forecast.warnings().stream().map(text -> cut(text, MAX_WARNING)).toList();
        return forecast.with(warnings, plan == 0 ? "" : cut(forecast.queryPlan(), plan));
    }

    private @Nullable Forecast bare() {
        return forecast == null ? null : forecast.with(List.of(), "");
    }

    private Outcome with(@Nullable Forecast told) {
        return new Outcome(reason, message, sqlState, hint, progress, told);
    }

    private static boolean fits(String json) {
        return json.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
    }

    private Outcome withRanges(int count) {
        var first =
                progress.ranges().subList(0, Math.min(count, progress.ranges().size()));
        var cause = progress.cause();
        var holds = progress.heldBy().stream().map(hold -> cut(hold, MAX_HOLD)).toList();
        return new Outcome(
                reason,
                message,
                sqlState,
                hint,
                progress.with(cause == null ? null : cut(cause, MAX_HINT), first, holds));
    }

    /** Characters of several bytes can exceed the limit although the lengths do not. */
    private Outcome inAscii() {
        return new Outcome(reason, ascii(message), sqlState, null, progress.with(null, List.of(), List.of()));
    }

    private static String ascii(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static String cut(String text, int max) {
        if (text.length() <= max) return text;
        int end = Character.isHighSurrogate(text.charAt(max - 2)) ? max - 2 : max - 1;
        return text.substring(0, end) + "…";
    }
}
