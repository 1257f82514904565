package dev.cairn.operator.decide;

import dev.cairn.plan.Progress;
import java.util.Arrays;

/**
 * The known progress of a migration, in numbers that only committed work changes. Two marks show whether an attempt
 * made progress.
 *
 * @param walk over the table, from 1
 * @param walked keys walked in that walk
 * @param rows changed by all attempts
 * @param stepsDone of a schema migration
 * @param checkpointAt time of a container's checkpoint, seconds since 1970; 0 for none, and for work that counts keys
 *     or steps
 */
public record ProgressMark(int walk, long walked, long rows, int stepsDone, long checkpointAt) {
    /** No known progress. */
    public static final ProgressMark NONE = new ProgressMark(1, 0, 0, 0, 0);

    /** The mark of a runner's report. */
    public static ProgressMark of(Progress progress) {
        var walk = progress.walk();
        return of(
                walk == null ? 1 : walk,
                progress.walked(),
                progress.rows(),
                progress.stepsDone(),
                progress.checkpointAtMillis() / 1000);
    }

    /** Ignores the checkpoint's time where keys or steps are counted: a takeover may change that time. */
    public static ProgressMark of(int walk, long walked, long rows, int stepsDone, long checkpointAt) {
        boolean counted = walked > 0 || stepsDone > 0;
        return new ProgressMark(walk, walked, rows, stepsDone, counted ? 0 : checkpointAt);
    }

    /** Whether this mark has more progress than the other. */
    public boolean isBeyond(ProgressMark other) {
        return walk > other.walk
                || (walk == other.walk && walked > other.walked)
                || rows > other.rows
                || stepsDone > other.stepsDone
                || checkpointAt > other.checkpointAt;
    }

    /** The mark with more progress. */
    public ProgressMark or(ProgressMark other) {
        return other.isBeyond(this) ? other : this;
    }

    /** The text form for a Job's annotation. */
    public String toText() {
        return "%d/%d/%d/%d/%d".formatted(walk, walked, rows, stepsDone, checkpointAt);
    }

    /** Reads {@link #toText}; an unreadable text gives {@link #NONE}. */
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
