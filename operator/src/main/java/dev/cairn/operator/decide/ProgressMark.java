package dev.cairn.operator.decide;

import dev.cairn.plan.Progress;
import java.util.Arrays;

/**
 * How far a migration is known to be, in numbers that only committed work moves. Two marks tell whether an attempt made
 * progress.
 *
 * @param walk over the table, from 1
 * @param walked keys passed in that walk
 * @param rows changed by all attempts
 * @param stepsDone of a schema migration
 * @param checkpointAt of a container, seconds since 1970; 0 for none, and for work that counts keys or steps
 */
public record ProgressMark(int walk, long walked, long rows, int stepsDone, long checkpointAt) {
    /** Nothing is known to be done. */
    public static final ProgressMark NONE = new ProgressMark(1, 0, 0, 0, 0);

    /** What a runner said. */
    public static ProgressMark of(Progress progress) {
        var walk = progress.walk();
        return of(
                walk == null ? 1 : walk,
                progress.walked(),
                progress.rows(),
                progress.stepsDone(),
                progress.checkpointAtMillis() / 1000);
    }

    /** Where keys or steps are counted, the time of the checkpoint says nothing more: a takeover may move it. */
    public static ProgressMark of(int walk, long walked, long rows, int stepsDone, long checkpointAt) {
        boolean counted = walked > 0 || stepsDone > 0;
        return new ProgressMark(walk, walked, rows, stepsDone, counted ? 0 : checkpointAt);
    }

    /** Whether more is done here than there. */
    public boolean isBeyond(ProgressMark other) {
        return walk > other.walk
                || (walk == other.walk && walked > other.walked)
                || rows > other.rows
                || stepsDone > other.stepsDone
                || checkpointAt > other.checkpointAt;
    }

    /** The one that knows of more. */
    public ProgressMark or(ProgressMark other) {
        return other.isBeyond(this) ? other : this;
    }

    /** The form in which a Job remembers it. */
    public String toText() {
        return "%d/%d/%d/%d/%d".formatted(walk, walked, rows, stepsDone, checkpointAt);
    }

    /** Reads {@link #toText}; what cannot be read is {@link #NONE}. */
    public static ProgressMark fromText(String text) {
        try {
            var numbers = Arrays.stream(text.split("/", -1))
                    .mapToLong(Long::parseLong)
                    .toArray();
            if (numbers.length != 5) return NONE;
            return new ProgressMark(
                    Math.toIntExact(numbers[0]), numbers[1], numbers[2], Math.toIntExact(numbers[3]), numbers[4]);
        } catch (ArithmeticException | NumberFormatException notOurs) {
            return NONE;
        }
    }
}
