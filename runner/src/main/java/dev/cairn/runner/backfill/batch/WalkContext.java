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
 * What all workers of a walk share.
 *
 * @param run this start
 * @param work what is done
 * @param table that is walked
 * @param statement that each batch runs
 * @param pacing how fast
 * @param order in which way
 * @param holds what makes it wait
 * @param standing where the ranges stand
 * @param meter what the database feels of it
 * @param longestWait for a lock, whatever the settings say
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
    /** How long a batch's statements may take now. */
    public Limits limits() {
        return new Limits(TransactionSettings.lockTimeout(pacing.batchDuration(), longestWait), pacing.limit());
    }
}
