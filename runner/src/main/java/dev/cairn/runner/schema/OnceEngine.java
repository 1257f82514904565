package dev.cairn.runner.schema;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.MigrationRow;
import dev.cairn.runner.ledger.MigrationRow.State;
import dev.cairn.runner.ledger.StepRow;
import dev.cairn.runner.run.Losses;
import dev.cairn.runner.run.Result;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.run.Start;
import dev.cairn.runner.run.Verification;
import dev.cairn.runner.session.Pooling;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Carries out statements that run once, in one transaction, and then the verify query. */
public final class OnceEngine {
    private final Run run;
    private final Work.Once work;
    private final Part part;
    private final Start start;

    /** @throws MigrationFailure with {@link Reason#InvalidSpec} if the text cannot run as it is written */
    public OnceEngine(Run run, Work.Once work) {
        this.run = run;
        this.work = work;
        this.part = StepSplitter.once(work.sql());
        this.start = new Start(run);
    }

    /** @throws MigrationFailure if the migration does not end as applied */
    public Result run() {
        run.progress().steps(0, 1);
        return new Losses(run).survive(this::attempt);
    }

    private Result attempt() throws SQLException {
        var observer = run.firstConnection();
        try (var monitor = new LockWaitMonitor(observer, run.progress())) {
            if (start.isDone(observer, this::isApplied)) return nothingLeft();
            Pooling.requireSession(observer, run.connector());
            start.endStaleSessions(observer);
            var token = start.begin(observer, this::isApplied);
            if (token.isEmpty()) return nothingLeft();
            monitor.begin();
            try (var runner = new PartRunner(run, monitor, token.get())) {
                carryOut(runner);
            } catch (MigrationFailure failure) {
                start.record(failure);
                throw failure;
            }
        }
        run.progress().activity(Activity.Done);
        return new Result(Reason.Applied, "applied");
    }

    private void carryOut(PartRunner runner) throws SQLException {
        var verify = work.verify();
        runner.carryOut(part, verify == null ? start::applied : connection -> {});
        run.progress().steps(1, 1);
        if (verify == null) return;
        var verification = new Verification(run);
        runner.inSession("verify", session -> verification.require(session.connection(), verify));
        runner.inSession("the end", session -> Transaction.run(session.connection(), start::applied));
    }

    /** @throws MigrationFailure if the ledger has another plan under this name, and that plan did not fail */
    private boolean isApplied(Connection connection, MigrationRow row) throws SQLException {
        run.progress().attempts(row.attempts());
        boolean same = row.isOf(run.checksum());
        if (row.state() == State.APPLIED && same) return true;
        boolean hasRun =
                row.state() == State.APPLIED || wasDone(run.ledger().steps().read(connection));
        if (!same && hasRun && row.state() != State.FAILED)
            throw new MigrationFailure(
                    Reason.ChecksumMismatch,
                    run.plan().migration() + " ran here with another plan (" + row.checksum() + ", and this one is "
                            + row.inItsFormat(run.checksum())
                            + "): restore it, and put the change into a new migration");
        return false;
    }

    private static boolean wasDone(List<StepRow> lines) {
        return lines.stream().anyMatch(StepRow::done);
    }

    private Result nothingLeft() {
        run.progress().steps(1, 1);
        return start.nothingLeft();
    }
}
