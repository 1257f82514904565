package dev.cairn.runner.backfill;

import dev.cairn.plan.Progress;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.report.Tracker;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Where the ranges of a walk stand, for the progress. Thread-safe: ranges have workers of their own. */
final class Standing {
    private final Tracker progress;
    private final @Nullable Long estimatedRows;
    private final Map<Integer, RangeRow> ranges = new TreeMap<>();

    Standing(Tracker progress, List<RangeRow> ranges, @Nullable Long estimatedRows) {
        this.progress = progress;
        this.estimatedRows = estimatedRows;
        ranges.forEach(r -> this.ranges.put(r.ordinal(), r));
    }

    /**
     * A range has moved.
     *
     * @param batchSize rows of the next batch
     * @param atMillis when it was committed, 0 if it was read from the ledger
     */
    synchronized void moved(RangeRow range, long batchSize, long atMillis) {
        ranges.put(range.ordinal(), range);
        progress.walk(
                sum(RangeRow::rows),
                sum(RangeRow::walked),
                estimatedRows,
                batchSize,
                atMillis,
                ranges.values().stream().map(Standing::shown).toList());
    }

    synchronized long rows() {
        return sum(RangeRow::rows);
    }

    synchronized long walked() {
        return sum(RangeRow::walked);
    }

    private long sum(ToLongFunction<RangeRow> count) {
        return ranges.values().stream().mapToLong(count).sum();
    }

    private static Progress.Range shown(RangeRow range) {
        return new Progress.Range(shown(range.from()), shown(range.to()), shown(range.cursor()), range.rows());
    }

    private static @Nullable String shown(@Nullable List<String> key) {
        return key == null ? null : Key.shown(key);
    }
}
