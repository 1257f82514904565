package dev.cairn.runner.backfill.worker;

import dev.cairn.plan.Backoff;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.runner.backfill.batch.BatchExecutor;
import dev.cairn.runner.backfill.batch.WalkContext;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.FencedException;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.pace.Pacing.Turn;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.session.SqlFailures.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Walks ranges on one connection, for a worker. Not thread-safe. */
final class RangeWalk {
    private static final Duration LONGEST_REST = Duration.ofMillis(100);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);

    private static final String ADVICE =
            ". Its plan is probably a bad one, which reads more than the batch's rows: look"
                    + " at it with mode DryRun, run ANALYZE, add the missing index or write sql differently";

    private final WalkContext walk;
    private final Run run;
    private final BatchExecutor batches;

    RangeWalk(WalkContext walk) {
        this.walk = walk;
        this.run = walk.run();
        this.batches = new BatchExecutor(walk);
    }

    /**
     * Walks to the range's end, or until {@code wanted} is false.
     *
     * @param range as in the ledger
     * @param wanted checked before each batch
     * @return the range after the last batch
     * @throws FencedException if another start owns the migration
     * @throws SQLException if the connection or the server failed; every committed batch is in the ledger
     */
    RangeRow onward(Connection connection, RangeRow range, BooleanSupplier wanted) throws SQLException {
        var at = range;
        while (!at.done()) {
            var turn = turn(wanted);
            if (turn.isEmpty()) break;
            run.progress().activity(Activity.Running);
            long before = at.walked();
            at = patientBatch(connection, at);
            walk.pacing().settle(turn.get(), at.walked() - before);
            walk.standing().moved(at, walk.pacing().batchSize(), walk.meter().impact(walk.order()));
        }
        return at;
    }

    /**
     * Waits while a hold is active, and pauses for the pace. It checks both often, since they may change.
     *
     * @return empty when {@code wanted} is false
     */
    private Optional<Turn> turn(BooleanSupplier wanted) {
        while (walk.holds().await(wanted)) {
            var turn = walk.pacing().take();
            if (turn.isPresent()) return turn;
            var rest = walk.pacing().rest();
            run.stop().pause(rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST);
        }
        return Optional.empty();
    }

    /** Runs the next batch, with retries while other transactions block it, for at most {@code locks.retryFor}. */
    private RangeRow patientBatch(Connection connection, RangeRow range) throws SQLException {
        long deadline = deadline();
        for (int repeats = 1; ; repeats++) {
            run.stop().check();
            var limit = walk.pacing().limit();
            long began = System.nanoTime();
            try {
                return batches.next(connection, range);
            } catch (FencedException e) {
                return asInLedger(connection, range, e);
            } catch (SQLException e) {
                run.stop().check();
                if (SqlFailures.kind(e) == Kind.CANCELLED && System.nanoTime() - began >= limit.toNanos()) {
                    overran(limit, e);
                    deadline = deadline();
                    continue;
                }
                repeatable(e);
                if (System.nanoTime() > deadline)
                    throw SqlFailures.failure(
                            batches.where() + ": tried " + repeats + " times, other transactions are in its way"
                                    + " (pg_stat_activity and pg_locks tell which)",
                            e);
                pauseBeforeRepeat(e);
            }
        }
    }

    private long deadline() {
        return System.nanoTime() + run.settings().get().locks().retryForMillis() * 1_000_000;
    }

    /** The server cancelled the batch at its limit, so its row locks are released. The next attempt must be faster. */
    private void overran(Duration limit, SQLException e) {
        var pacing = walk.pacing();
        var what = batches.where() + ": took longer than " + shown(limit) + " and was rolled back";
        var cause = switch (pacing.overran(batches.rows())) {
            case SMALLER -> what + "; tried again with " + pacing.batchSize() + " rows";
            case LONGER ->
                what + ", with as few rows as pace.batchSize.min allows; tried again with " + shown(pacing.limit())
                        + ADVICE;
            case NONE ->
                throw new MigrationFailure(
                        Reason.SqlError,
                        what + ", with as few rows as pace.batchSize.min allows and the longest limit" + ADVICE
                                + "; or lower pace.batchSize.min, or raise pace.batchDuration (a batch may take ten"
                                + " times as long), and retry",
                        e.getSQLState(),
                        null,
                        e);
        };
        run.progress().activity(Activity.Retrying, cause);
        Log.info(cause);
    }

    private static String shown(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }

    private static void repeatable(SQLException e) throws SQLException {
        switch (SqlFailures.kind(e)) {
            case REPEAT, CANCELLED -> {}
            case CONNECTION_LOST, SERVER_FAULT, ACCESS_DENIED -> throw e;
            case PERMANENT -> throw SqlFailures.failure("the walk", e);
        }
    }

    private void pauseBeforeRepeat(SQLException e) {
        var pacing = walk.pacing();
        pacing.shrink();
        var cause = batches.where() + ": rolled back, tried again in smaller batches: " + SqlFailures.text(e);
        run.progress().activity(Activity.Retrying, cause);
        Log.info(cause);
        run.stop().pause(pauseAfterConflict(walk.limits().lock()));
    }

    /**
     * The pause after a batch that a deadlock, a lock timeout or another client's cancel rolled back: at random half to one
     * and a half of the limit of its lock waits. It never grows. Each such failure halves the batch instead.
     */
    private static Duration pauseAfterConflict(Duration lockLimit) {
        return Backoff.jittered(lockLimit.compareTo(SHORTEST_PAUSE) > 0 ? lockLimit : SHORTEST_PAUSE);
    }

    /**
     * The range from the ledger, which is not as this run left it. Another owner moved it, or the server lost commits
     * in a crash.
     */
    private RangeRow asInLedger(Connection connection, RangeRow range, FencedException fenced) throws SQLException {
        var ledger = run.ledger();
        if (!ledger.migrations().owns(connection, walk.token()))
            throw ledger.migrations().fenced(connection);
        var now = ledger.ranges().now(connection, range);
        batches.forgetWindows();
        if (now.batches() == range.batches() && now.done() == range.done())
            throw new MigrationFailure(
                    Reason.InternalError, "the checkpoint could not be moved: " + fenced.getMessage());
        Log.info("range " + range.ordinal() + " continues from the ledger's checkpoint");
        return now;
    }
}
