package dev.cairn.runner.backfill.batch;

import dev.cairn.plan.Work;
import dev.cairn.runner.backfill.statement.BatchStatement;
import dev.cairn.runner.backfill.table.Limits;
import dev.cairn.runner.backfill.table.TransactionSettings;
import dev.cairn.runner.backfill.table.WalkedTable;
import dev.cairn.runner.hold.Holds;
import dev.cairn.runner.pace.Pacing;
import dev.cairn.runner.pace.WalkOrder;
import dev.cairn.runner.run.Run;
import java.time.Duration;
import java.util.UUID;

/**
 * The shared objects of all workers of a walk.
 *
 * @param run this start
 * @param work the backfill of the plan
 * @param table the walked table
 * @param statement that each batch runs
 * @param pacing the pace
 * @param order the order of the rows
 * @param holds what makes it wait
 * @param standing the progress of the ranges
 * @param meter measures the effect on the database
 * @param longestWait for a lock, an upper bound for the settings
 * @param token that owns the ranges
 */
public record WalkContext(
        Run run,
        Work.Backfill work,
        WalkedTable table,
        BatchStatement statement,
        Pacing pacing,
        WalkOrder order,
        Holds holds,
        WalkProgress standing,
        ImpactMeter meter,
        Duration longestWait,
        UUID token) {
    /** The present time limits of a batch's statements. */
    public Limits limits() {
        return new Limits(TransactionSettings.lockTimeout(pacing.batchDuration(), longestWait), pacing.limit());
    }
}
