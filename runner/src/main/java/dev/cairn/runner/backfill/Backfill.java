package dev.cairn.runner.backfill;

import dev.cairn.plan.ExitCode;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.backfill.worker.ReconnectPolicy;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.hold.Holds;
import dev.cairn.runner.ledger.MigrationRow;
import dev.cairn.runner.ledger.MigrationRow.State;
import dev.cairn.runner.pace.Pacing;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Result;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.run.StaleSessions;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a backfill: begins it, lets the workers walk, ends it. Everything that is done is in the ledger, so a lost
 * connection is nothing special: with the next one the same method begins again and finds where it was.
 */
public final class Backfill {
    private final Run run;
    private final ReconnectPolicy survival;
    private final Work.Backfill work;
    private final Pacing pacing;
    private final Holds holds;
    private @Nullable UUID token;
    private long walkedBeforeLoss;

    public Backfill(Run run, Work.Backfill work) {
        this.run = run;
        this.survival = new ReconnectPolicy(run);
        this.work = work;
        this.pacing = new Pacing(() -> run.settings().get().pace(), System::nanoTime);
        this.holds = new Holds(run, work);
    }

    /**
     * @throws MigrationFailure on every way that does not end with the migration applied
     * @throws dev.cairn.runner.ledger.FencedException if another start took over
     */
    public Result run() throws SQLException {
        try (holds) {
            return untilDone();
        }
    }

    private Result untilDone() throws SQLException {
        var connection = run.firstConnection();
        while (true) {
            try {
                return on(connection);
            } catch (SQLException e) {
                long walked = run.progress().progress().walked();
                if (walked != walkedBeforeLoss) survival.progressed();
                walkedBeforeLoss = walked;
                survival.of(e);
            }
            connection = run.connectionAfterLoss();
        }
    }

    private Result on(Connection connection) throws SQLException {
        try (connection;
                var _ = run.cancelledAfterStop(connection)) {
            var finished = token == null ? begin(connection) : rejoin(connection, token);
            return finished != null ? finished : recorded(connection);
        }
    }

    /** Permanent failures go into the ledger; the next start sees them. */
    private Result recorded(Connection connection) throws SQLException {
        var mine = mine();
        try {
            return walk(connection);
        } catch (MigrationFailure e) {
            Log.info(e.reason() + ": " + e.text());
            if (e.reason().exitCode() == ExitCode.PERMANENT) record(connection, mine, e);
            else if (e.reason() == Reason.Stopped)
                Transaction.run(connection, c -> run.ledger().event(c, "Stopped", null));
            throw e;
        }
    }

    /** The run's own connection is idle while the workers walk: that it is gone is noticed here. */
    private void record(Connection connection, UUID mine, MigrationFailure failure) {
        var migrations = run.ledger().migrations();
        try {
            Transaction.run(connection, c -> run.recordFailure(c, mine, failure));
        } catch (SQLException e) {
            try (var another = run.connectionAfterLoss()) {
                // The first try may have been committed, its answer lost.
                if (migrations.owns(another, mine)) Transaction.run(another, c -> run.recordFailure(c, mine, failure));
            } catch (SQLException | MigrationFailure lost) {
                Log.info("the failure is not in the ledger: " + lost.getMessage());
                failure.addSuppressed(lost);
            }
        }
    }

    private @Nullable Result begin(Connection connection) throws SQLException {
        token = new Admission(run, work).begin(connection).orElse(null);
        if (token != null) return null;
        run.progress().activity(Activity.Done);
        return new Result(Reason.AlreadyApplied, run.plan().migration() + " is applied already; nothing was written");
    }

    /** Goes on with the same token on another session; the old one's batch must be out of the way first. */
    private @Nullable Result rejoin(Connection connection, UUID mine) throws SQLException {
        var migrations = run.ledger().migrations();
        // After a failover the ledger itself may be gone.
        run.ledger().install(connection);
        var row = migrations.read(connection).orElseThrow(migrations::unknown);
        // The session in the ledger is another start's then: it must not be ended.
        if (!row.token().equals(mine)) throw migrations.fenced(connection);
        if (row.state() == State.APPLIED) return applied(row);
        if (row.backend() != null) new StaleSessions(run).end(connection, row.backend(), "this pod's lost connection");
        Transaction.run(connection, c -> {
            migrations.rejoin(c, mine);
            run.requireDependencies(c);
        });
        return null;
    }

    private Result walk(Connection connection) throws SQLException {
        var mine = mine();
        var walk = new BackfillPasses(run, work, pacing, holds, mine, CheckedBackfill.of(run, work, connection))
                .toTheEnd(connection);
        Transaction.run(connection, c -> {
            run.ledger().ranges().requireDone(c, walk);
            run.ledger().migrations().applied(c, mine);
        });
        return applied(run.ledger().migrations().read(connection).orElseThrow());
    }

    private Result applied(MigrationRow row) {
        run.progress().activity(Activity.Done);
        var progress = run.progress().progress();
        var walk = progress.walk() == null ? "walked" : "walked " + progress.walk() + " times, at last";
        return new Result(
                Reason.Applied,
                "changed %d rows, %s %d, in %d attempt%s"
                        .formatted(
                                progress.rows(),
                                walk,
                                progress.walked(),
                                row.attempts(),
                                row.attempts() == 1 ? "" : "s"));
    }

    private UUID mine() {
        if (token == null) throw new IllegalStateException("walks only after its start");
        return token;
    }
}
