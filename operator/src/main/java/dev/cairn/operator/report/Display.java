package dev.cairn.operator.report;

import static dev.cairn.operator.report.MonotonicProgress.number;

import dev.cairn.crds.MigrationStatus;
import dev.cairn.crds.Phase;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The texts of kubectl's columns. */
final class Display {
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3})%(.*)");

    /** The highest percentage of an estimate: only an applied migration has 100 %. */
    private static final long NOT_DONE_YET = 99;

    private Display() {}

    /** @param before the earlier text, so that a percentage never decreases; null for a new plan */
    static MigrationStatus.@Nullable Display of(
            Phase phase, MonotonicProgress headway, MigrationStatus.@Nullable Display before) {
        var progress = headway.progress();
        if (phase == Phase.Applied) return new MigrationStatus.Display(finished(progress), null, null);
        if (progress == null) return null;
        var rate = progress.rowsPerSecond();
        return new MigrationStatus.Display(
                share(progress, before),
                rate == null ? null : NumberFormat.count(rate) + "/s",
                timeLeft(number(progress.walked()), progress.estimatedRows(), number(rate))
                        .map(NumberFormat::duration)
                        .orElse(null));
    }

    /** The time left; empty while it is unknown: no rate, no estimate, or more rows than the estimate. */
    static Optional<Duration> timeLeft(long walked, @Nullable Long estimatedRows, long rowsPerSecond) {
        if (estimatedRows == null || rowsPerSecond <= 0 || walked >= estimatedRows) return Optional.empty();
        return Optional.of(Duration.ofSeconds((estimatedRows - walked) / rowsPerSecond + 1));
    }

    private static String finished(MigrationStatus.@Nullable Progress progress) {
        var steps = progress == null ? null : progress.steps();
        return steps == null ? "100%" : steps + "/" + steps + " steps";
    }

    private static @Nullable String share(MigrationStatus.Progress progress, MigrationStatus.@Nullable Display before) {
        if (progress.steps() != null) return number(progress.stepsDone()) + "/" + progress.steps() + " steps";
        long walked = number(progress.walked());
        long estimate = number(progress.estimatedRows());
        if (estimate == 0) return walked == 0 ? null : NumberFormat.count(walked) + " rows";
        if (progress.verified() != null && walked > 0) return percent(progress.verified(), walked, 0) + "% verified";
        var of = progress.walk() == null ? "" : " of walk " + progress.walk();
        return percent(walked, estimate, percent(before, of)) + "%" + of;
    }

    private static long percent(long done, long all, long before) {
        return Math.min(NOT_DONE_YET, Math.max(100 * done / all, before));
    }

    /** @param of the text after the percentage, which must be the same */
    private static long percent(MigrationStatus.@Nullable Display before, String of) {
        if (before == null || before.progress() == null) return 0;
        var percent = PERCENT.matcher(before.progress());
        return percent.matches() && percent.group(2).equals(of) ? Long.parseLong(percent.group(1)) : 0;
    }
}
