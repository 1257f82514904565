package dev.cairn.runner.backfill;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.backfill.worker.ReconnectPolicy;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.hold.Holds;
import dev.cairn.runner.pace.Pacing;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Result;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.run.Start;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Carries out a backfill: it begins it, starts the workers, and ends it. The ledger has all that is done. So after a
 * lost connection the same method begins again with the next connection and continues from the ledger.
 */
public final class Backfill {
    private final Run run;
    private final ReconnectPolicy survival;
    private final Work.Backfill work;
    private final Pacing pacing;
    private final Holds holds;
    private final Start start;
    private final Admission admission;
    private long walkedBeforeLoss;

    public Backfill(Run run, Work.Backfill work) {
        this.run = run;
        this.survival = new ReconnectPolicy(run);
        this.work = work;
        this.pacing = new Pacing(() -> run.settings().get().pace(), System::nanoTime);
        this.holds = new Holds(run, work);
        this.start = new Start(run);
        this.admission = new Admission(run, work);
    }

    /**
     * @throws MigrationFailure if the migration does not end as applied
     * @throws dev.cairn.runner.ledger.FencedException if another start took over
     */
    public Result run() throws SQLException {
        try (holds) {
            return untilDone();
        }
    }

    private Result untilDone() throws SQLException {
        while (true) {
            try (var connection = start.hasBegun() ? run.connectionAfterLoss() : run.firstConnection();
                    var _ = run.cancelledAfterStop(connection)) {
                return on(connection);
            } catch (SQLException e) {
                long walked = run.progress().progress().walked();
                if (walked != walkedBeforeLoss) survival.progressed();
                walkedBeforeLoss = walked;
                survival.of(e);
            }
        }
    }

    private Result on(Connection connection) throws SQLException {
        // After a failover the ledger itself may be missing.
        if (start.hasBegun()) run.ledger().install(connection);
        if (start.isDone(connection, admission)) return nothingLeft(connection);
        start.endStaleSessions(connection);
        var token = start.begin(connection, admission);
        if (token.isEmpty()) return nothingLeft(connection);
        try {
            return walk(connection, token.get());
        } catch (MigrationFailure e) {
            Log.info(e.reason() + ": " + e.text());
            if (e.reason() == Reason.Stopped)
                Transaction.run(connection, c -> run.ledger().event(c, "Stopped", null));
            else start.record(e);
            throw e;
        }
    }

    private Result nothingLeft(Connection connection) throws SQLException {
        return start.hasBegun() ? applied(connection) : start.nothingLeft();
    }

    private Result walk(Connection connection, UUID mine) throws SQLException {
        var walk = new BackfillPasses(run, work, pacing, holds, mine, CheckedBackfill.of(run, work, connection))
                .toTheEnd(connection);
        Transaction.run(connection, c -> {
            run.ledger().ranges().requireDone(c, walk);
            run.ledger().migrations().applied(c, mine);
        });
        return applied(connection);
    }

    private Result applied(Connection connection) throws SQLException {
        int attempts = run.ledger().migrations().read(connection).orElseThrow().attempts();
        run.progress().activity(Activity.Done);
        var progress = run.progress().progress();
        var walk = progress.walk() == null ? "walked" : "walked " + progress.walk() + " times, at last";
        return new Result(
                Reason.Applied,
                "changed %d rows, %s %d, in %d attempt%s"
                        .formatted(progress.rows(), walk, progress.walked(), attempts, attempts == 1 ? "" : "s"));
    }
}
