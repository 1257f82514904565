package dev.cairn.runner.backfill;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.FencedException;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.pace.Pacing;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.session.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Walks one range to its end on one connection: what a worker does. Not thread-safe. */
final class RangeWalk {
    private final Run run;
    private final Batches batches;
    private final Pacing pacing;
    private final Standing standing;
    private final UUID token;

    RangeWalk(Run run, Batches batches, Pacing pacing, Standing standing, UUID token) {
        this.run = run;
        this.batches = batches;
        this.pacing = pacing;
        this.standing = standing;
        this.token = token;
    }

    /**
     * @param range as the ledger has it
     * @throws FencedException if another start owns the migration
     * @throws SQLException if the connection or the server failed; every committed batch is in the ledger
     */
    void toEnd(Connection connection, RangeRow range) throws SQLException {
        var at = range;
        while (!at.done()) {
            run.stop().pause(pacing.rest());
            run.progress().activity(Activity.Running);
            at = patientBatch(connection, at);
            standing.moved(at, pacing.batchSize());
        }
    }

    /** The next batch, tried again while other transactions are in its way, for {@code locks.retryFor} at most. */
    private RangeRow patientBatch(Connection connection, RangeRow range) throws SQLException {
        long deadline = System.nanoTime() + run.settings().get().locks().retryForMillis() * 1_000_000;
        for (int repeats = 1; ; repeats++) {
            run.stop().check();
            try {
                return timedBatch(connection, range);
            } catch (FencedException e) {
                return asInLedger(connection, range, e);
            } catch (SQLException e) {
                run.stop().check();
                repeatable(e);
                if (System.nanoTime() > deadline)
                    throw SqlFailures.failure("a batch was tried " + repeats + " times", e);
                pauseBeforeRepeat(e);
            }
        }
    }

    private RangeRow timedBatch(Connection connection, RangeRow range) throws SQLException {
        long began = System.nanoTime();
        var after = batches.next(connection, range, pacing.batchSize(), pacing.batchDuration());
        pacing.committed(after.walked() - range.walked(), System.nanoTime() - began);
        return after;
    }

    private static void repeatable(SQLException e) throws SQLException {
        switch (SqlFailures.kind(e)) {
            case REPEAT, CANCELLED -> {}
            case CONNECTION_LOST, SERVER_FAULT, ACCESS_DENIED -> throw e;
            case PERMANENT -> throw SqlFailures.failure("the walk", e);
        }
    }

    private void pauseBeforeRepeat(SQLException e) {
        pacing.shrink();
        var cause = "a batch was rolled back and is tried again, smaller: " + SqlFailures.text(e);
        run.progress().activity(Activity.Retrying, cause);
        Log.info(cause);
        long upTo = Math.max(10, pacing.batchDuration().toMillis());
        run.stop().pause(Duration.ofMillis(ThreadLocalRandom.current().nextLong(upTo / 2, upTo * 2)));
    }

    /** The ledger was not as this run left it: whoever moved it decides, its owner or (after a crash) the server. */
    private RangeRow asInLedger(Connection connection, RangeRow range, FencedException fenced) throws SQLException {
        var ledger = run.ledger();
        if (!ledger.migrations().owns(connection, token))
            throw ledger.migrations().fenced(connection);
        var now = ledger.walks().ranges(connection).get(range.ordinal());
        if (Objects.equals(now.cursor(), range.cursor()) && now.done() == range.done())
            throw new MigrationFailure(
                    Reason.InternalError, "the checkpoint could not be moved: " + fenced.getMessage());
        Log.info("range " + range.ordinal() + " continues from the ledger's checkpoint");
        return now;
    }
}
