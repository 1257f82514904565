package dev.cairn.runner.backfill.dryrun;

import dev.cairn.plan.Settings.Pace;
import dev.cairn.runner.backfill.table.QueryPlan;
import dev.cairn.runner.pace.BatchSize;
import java.time.Duration;

/**
 * The time for a row on one worker.
 *
 * @param nanosPerRow of a batch's transaction
 * @param measured true if measured, false if it comes from statistics
 */
record CostEstimate(double nanosPerRow, boolean measured) {
    /**
     * The time of the planner's unit of cost with pages in memory. One entry of a table or an index takes about the
     * same time.
     */
    private static final double NANOS = 10_000;

    /**
     * An estimate from statistics: the planner's cost of reading, and for each changed row one entry in the table and
     * in each index. docs/reference/benchmark.md has measurements on one machine.
     *
     * @param rows of the planned batch
     */
    static CostEstimate expected(QueryPlan batch, long rows, long secondaryIndexes) {
        double writes = batch.estimatedChanges().orElse(rows) * (2.0 + secondaryIndexes) / 2;
        return new CostEstimate(NANOS * (batch.cost() + writes) / Math.max(1, rows), false);
    }

    /** Rows of a batch at this speed: as many as fit into the batch duration, within the limits. */
    long batchRows(Pace pace) {
        return BatchSize.within(pace, (long) (pace.batchMillis() * 1e6 / Math.max(1, nanosPerRow)));
    }

    /** The duration of the whole walk, with its workers and its rate limit. */
    Duration of(long rows, Pace pace) {
        double seconds = rows * nanosPerRow / 1e9 / pace.parallelism();
        Long perSecond = pace.maxRowsPerSecond();
        double atMost = perSecond == null ? 0 : (double) rows / perSecond;
        return Duration.ofSeconds((long) Math.ceil(Math.max(seconds, atMost)));
    }
}
