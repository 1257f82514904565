package dev.cairn.runner.backfill.batch;

import dev.cairn.plan.Progress;
import dev.cairn.plan.Progress.Impact;
import dev.cairn.runner.backfill.key.Key;
import dev.cairn.runner.ledger.EarlierWalks;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.report.Tracker;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The state of a walk's ranges, for the progress. Thread-safe: several workers walk ranges. */
public final class WalkProgress {
    private static final Duration LOG_EVERY = Duration.ofSeconds(10);

    private final Tracker progress;
    private final boolean showsKeys;
    private final EarlierWalks earlier;
    private final @Nullable Long estimatedRows;
    private final Map<Integer, RangeRow> ranges = new TreeMap<>();
    private long loggedAt = System.nanoTime();

    /** @param showsKeys whether the ranges show their keys */
    public WalkProgress(
            Tracker progress,
            boolean showsKeys,
            EarlierWalks earlier,
            List<RangeRow> ranges,
            @Nullable Long estimatedRows) {
        this.progress = progress;
        this.showsKeys = showsKeys;
        this.earlier = earlier;
        this.estimatedRows = estimatedRows;
        ranges.forEach(r -> this.ranges.put(r.ordinal(), r));
    }

    /** Reports the ledger's state before the walk continues. */
    public synchronized void tell(long batchSize) {
        tell(batchSize, null);
    }

    /**
     * Records the new state of a range.
     *
     * @param batchSize rows of the next batch
     * @param impact the effect on the database, null before the first measurement
     */
    public synchronized void moved(RangeRow range, long batchSize, @Nullable Impact impact) {
        ranges.put(range.ordinal(), range);
        tell(batchSize, impact);
        long now = System.nanoTime();
        if (now - loggedAt < LOG_EVERY.toNanos()) return;
        loggedAt = now;
        Log.info("walked " + walked() + (estimatedRows == null ? "" : " of about " + expected()) + " keys, "
                + progress.progress().rowsPerSecond() + "/s, batches of " + batchSize);
    }

    public synchronized long walked() {
        return sum(RangeRow::walked);
    }

    private void tell(long batchSize, @Nullable Impact impact) {
        progress.walk(
                earlier.rows() + sum(RangeRow::rows),
                earlier.count() == 0 ? null : Integer.valueOf(earlier.count() + 1),
                sum(RangeRow::walked),
                estimatedRows == null ? null : Long.valueOf(expected()),
                batchSize,
                ranges.values().stream()
                        .mapToLong(RangeRow::committedAtMillis)
                        .max()
                        .orElse(0),
                ranges.values().stream()
                        .sorted(Comparator.comparing(RangeRow::done))
                        .limit(Progress.MAX_RANGES)
                        .sorted(Comparator.comparingInt(RangeRow::ordinal))
                        .map(this::shown)
                        .toList(),
                sum(RangeRow::skipped),
                impact);
    }

    /**
     * The expected keys of the whole walk. A finished range has a known number. Ranges are even, so each other range
     * counts as their average; before the first finished range, as its share of the statistics' estimate. A range that
     * has already walked more counts as that. So the estimate becomes exact during the walk.
     */
    private long expected() {
        if (estimatedRows == null || ranges.isEmpty()) return 0;
        double share = ranges.values().stream()
                .filter(RangeRow::done)
                .mapToLong(RangeRow::walked)
                .average()
                .orElse((double) estimatedRows / ranges.size());
        return ranges.values().stream()
                .mapToLong(range -> range.done() ? range.walked() : Math.max(range.walked(), Math.round(share)))
                .sum();
    }

    private long sum(ToLongFunction<RangeRow> count) {
        return ranges.values().stream().mapToLong(count).sum();
    }

    private Progress.Range shown(RangeRow range) {
        return new Progress.Range(shown(range.from()), shown(range.to()), shown(range.cursor()), range.rows());
    }

    private @Nullable String shown(@Nullable List<String> key) {
        return key == null || !showsKeys ? null : Key.shown(key);
    }
}
