package dev.cairn.runner.schema;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.MigrationRow;
import dev.cairn.runner.ledger.MigrationRow.State;
import dev.cairn.runner.run.Losses;
import dev.cairn.runner.run.Result;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.run.Start;
import dev.cairn.runner.session.Pooling;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Carries out the steps of a schema migration: in order, each once, one migration of the scope at a time. */
public final class SchemaEngine {
    private final Run run;
    private final List<Part> parts;
    private final Start start;
    private final ScopeLock scopeLock;

    /** @throws MigrationFailure with {@link Reason#InvalidSpec} if a step cannot run as it is written */
    public SchemaEngine(Run run, Work.Schema work) {
        this.run = run;
        this.parts = StepSplitter.of(work.steps());
        this.start = new Start(run);
        this.scopeLock = new ScopeLock(run);
    }

    /** @throws MigrationFailure if the migration does not end as applied */
    public Result run() {
        return new Losses(run).survive(this::attempt);
    }

    private boolean isDone(Connection connection, MigrationRow row) throws SQLException {
        run.progress().attempts(row.attempts());
        var standing = AppliedParts.of(parts, run.ledger().steps().read(connection));
        tell(standing.undone());
        return standing.undone().isEmpty() && row.state() == State.APPLIED;
    }

    private Result attempt() throws SQLException {
        var lock = run.firstConnection();
        try (var monitor = new LockWaitMonitor(lock, run.progress())) {
            if (start.isDone(lock, this::isDone)) return start.nothingLeft();
            Pooling.requireSession(lock, run.connector());
            start.endStaleSessions(lock);
            scopeLock.take(lock, !start.hasBegun());
            // Another start may have done it during the wait.
            var token = start.begin(lock, this::isDone);
            if (token.isEmpty()) return start.nothingLeft();
            var standing = AppliedParts.of(parts, run.ledger().steps().read(lock));
            monitor.begin();
            try (var runner = new PartRunner(run, monitor, token.get())) {
                carryOut(runner, standing);
            } catch (MigrationFailure failure) {
                start.record(failure);
                throw failure;
            }
        }
        int steps = parts.getLast().step() + 1;
        return new Result(Reason.Applied, "applied, " + steps + (steps == 1 ? " step" : " steps"));
    }

    private void carryOut(PartRunner runner, AppliedParts standing) throws SQLException {
        if (standing.abandoned().isPresent()) runner.clear(standing.abandoned().get());
        if (standing.undone().isEmpty())
            runner.inSession("the end", session -> Transaction.run(session.connection(), start::applied));
        var undone = standing.undone();
        for (int i = 0; i < undone.size(); i++) {
            boolean last = i == undone.size() - 1;
            runner.carryOut(undone.get(i), last ? start::applied : connection -> {});
            tell(undone.subList(i + 1, undone.size()));
        }
        run.progress().activity(Activity.Done);
    }

    /** Counts the steps of the spec: a step in several parts is done with its last part. */
    private void tell(List<Part> undone) {
        int steps = parts.getLast().step() + 1;
        run.progress().steps(undone.isEmpty() ? steps : undone.getFirst().step(), steps);
    }
}
