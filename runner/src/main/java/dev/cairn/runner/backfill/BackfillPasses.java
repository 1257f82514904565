package dev.cairn.runner.backfill;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.backfill.batch.ImpactMeter;
import dev.cairn.runner.backfill.batch.Stripes;
import dev.cairn.runner.backfill.batch.WalkContext;
import dev.cairn.runner.backfill.batch.WalkProgress;
import dev.cairn.runner.backfill.table.TransactionSettings;
import dev.cairn.runner.backfill.worker.WorkerPool;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.hold.Holds;
import dev.cairn.runner.ledger.EarlierWalks;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.pace.Pacing;
import dev.cairn.runner.pace.WalkOrder;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.run.Verification;
import dev.cairn.runner.run.Verification.Answer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** The walk over a table and its verify query, repeated as the plan requires. */
final class BackfillPasses {
    private final Run run;
    private final Work.Backfill work;
    private final Pacing pacing;
    private final Holds holds;
    private final UUID token;
    private final CheckedBackfill prepared;
    private final WalkInitializer beginning;
    private final ImpactMeter meter;

    /** @param token that owns the migration */
    BackfillPasses(Run run, Work.Backfill work, Pacing pacing, Holds holds, UUID token, CheckedBackfill prepared) {
        this.run = run;
        this.work = work;
        this.pacing = pacing;
        this.holds = holds;
        this.token = token;
        this.prepared = prepared;
        this.beginning = new WalkInitializer(run, work.sql(), prepared.table(), prepared.parts(), token);
        this.meter = new ImpactMeter(prepared.parts());
    }

    /**
     * Continues from the ledger until all is walked and verified. After a crash the next start begins here, too. If the
     * walk is finished, it runs verify again.
     *
     * @return the ranges of the last walk, done
     * @throws MigrationFailure if the statement or the query cannot run, or the query did not return true
     */
    List<RangeRow> toTheEnd(Connection connection) throws SQLException {
        boolean isStripable = work.over().query() == null
                && prepared.statement().updatesOwnRows()
                && prepared.parts().areFew()
                && !prepared.parts().shareKeys()
                && new Stripes(prepared.table()).arePossible(connection);
        var ranges = beginning.ranges(connection);
        while (true) {
            walk(connection, ranges, isStripable);
            if (work.verify() == null) return ranges;
            ranges = run.ledger().ranges().all(connection);
            var answer = verify(connection, work.verify(), ranges);
            if (answer.isTrue()) return ranges;
            ranges = beginning.again(connection, after(connection, ranges, answer));
        }
    }

    private void walk(Connection connection, List<RangeRow> ranges, boolean isStripable) throws SQLException {
        var estimated = run.ledger().migrations().read(connection).orElseThrow().estimatedRows();
        var standing = new WalkProgress(
                run.progress(), run.showsKeys(), run.ledger().walks().earlier(connection), ranges, estimated);
        standing.tell(pacing.batchSize());
        var order = new WalkOrder(
                isStripable,
                estimated == null ? 0 : estimated,
                () -> run.settings().get().pace().order(),
                System::nanoTime);
        var walk = new WalkContext(
                run,
                work,
                prepared.table(),
                prepared.statement(),
                pacing,
                order,
                holds,
                standing,
                meter,
                TransactionSettings.longestWait(connection),
                token);
        new WorkerPool(walk, ranges).walk(connection);
        run.ledger().ranges().requireDone(connection, ranges);
    }

    /**
     * The walks before the next one.
     *
     * @param ranges of the finished walk
     * @throws MigrationFailure if there is no further walk
     */
    private EarlierWalks after(Connection connection, List<RangeRow> ranges, Answer answer) throws SQLException {
        long skipped = ranges.stream().mapToLong(RangeRow::skipped).sum();
        var passedOver = skipped == 0
                ? ""
                : " (" + skipped
                        + " rows failed and were skipped, see the ledger's table skipped: verify must leave them out)";
        if (work.repeat() == null || !answer.isFalse()) throw answer.failure(passedOver);
        var earlier = run.ledger().walks().earlier(connection);
        var next = earlier.plus(ranges.stream().mapToLong(RangeRow::rows).sum());
        if (earlier.idle() && next.idle())
            throw new MigrationFailure(
                    Reason.VerifyFailed,
                    "two walks in a row changed no row, and verify still returned false" + answer.where() + passedOver
                            + ": sql does not update the rows that verify checks. Look with the verify query, then correct "
                            + "the migration or the data and retry");
        Log.info("verify returned false" + answer.where() + ": walking again");
        return next;
    }

    private Answer verify(Connection connection, String query, List<RangeRow> ranges) throws SQLException {
        var batched = prepared.batchedVerify();
        return batched == null ? new Verification(run).ask(connection, query) : batched.ask(connection, ranges, holds);
    }
}
