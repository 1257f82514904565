package dev.cairn.runner.backfill.dryrun;

import dev.cairn.plan.Settings.Pace;
import dev.cairn.runner.backfill.table.QueryPlan;
import dev.cairn.runner.pace.BatchSize;
import java.time.Duration;

/**
 * How long a row takes on one worker.
 *
 * @param nanosPerRow of a batch's transaction
 * @param measured or from statistics
 */
record CostEstimate(double nanosPerRow, boolean measured) {
    /** What the planner's unit of cost takes where pages are in memory, and about what one entry of a table or an index does. */
    private static final double NANOS = 10_000;

    /**
     * From statistics: what the planner expects reading to cost, and an entry in the table and in each index for each
     * changed row. docs/reference/benchmark.md has what rows took on one machine.
     *
     * @param rows of the batch that was planned
     */
    static CostEstimate expected(QueryPlan batch, long rows, long secondaryIndexes) {
        double writes = batch.estimatedChanges().orElse(rows) * (2.0 + secondaryIndexes) / 2;
        return new CostEstimate(NANOS * (batch.cost() + writes) / Math.max(1, rows), false);
    }

    /** Rows of a batch at this speed: what takes the batch's time, within its limits. */
    long batchRows(Pace pace) {
        return BatchSize.within(pace, (long) (pace.batchMillis() * 1e6 / Math.max(1, nanosPerRow)));
    }

    /** The whole walk, with its workers and its limit. */
    Duration of(long rows, Pace pace) {
        double seconds = rows * nanosPerRow / 1e9 / pace.parallelism();
        Long perSecond = pace.maxRowsPerSecond();
        double atMost = perSecond == null ? 0 : (double) rows / perSecond;
        return Duration.ofSeconds((long) Math.ceil(Math.max(seconds, atMost)));
    }
}
