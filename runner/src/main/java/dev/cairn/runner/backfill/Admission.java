package dev.cairn.runner.backfill;

import dev.cairn.plan.Json;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.backfill.batch.WalkProgress;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.Ledger;
import dev.cairn.runner.ledger.MigrationRow;
import dev.cairn.runner.ledger.MigrationRow.State;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.run.Start;
import java.sql.Connection;
import java.sql.SQLException;

/** Decides from the ledger whether a start of a backfill may continue. */
final class Admission implements Start.Look {
    private final Run run;
    private final Work.Backfill work;
    private final Ledger ledger;

    Admission(Run run, Work.Backfill work) {
        this.run = run;
        this.work = work;
        this.ledger = run.ledger();
    }

    @Override
    public boolean isDone(Connection connection, MigrationRow row) throws SQLException {
        if (row.state() != State.APPLIED) return false;
        tell(connection, row);
        if (row.isOf(run.checksum())) return true;
        throw new MigrationFailure(
                Reason.ChecksumMismatch,
                run.plan().migration() + " was applied at " + row.finished() + " with another plan (" + row.checksum()
                        + "): restore that one, or add a new migration");
    }

    @Override
    public void prepare(Connection connection, MigrationRow row) throws SQLException {
        if (!row.isOf(run.checksum())) acceptEdit(connection, row);
        if (row.state() == State.FAILED) ledger.walks().forgive(connection);
        tell(connection, row);
    }

    /** Reports the progress of earlier starts before this one does anything, so that progress never decreases. */
    private void tell(Connection connection, MigrationRow row) throws SQLException {
        var earlier = ledger.walks().earlier(connection);
        new WalkProgress(
                        run.progress(),
                        run.showsKeys(),
                        earlier,
                        ledger.ranges().all(connection),
                        row.estimatedRows())
                .tell(0);
        run.progress().attempts(row.attempts());
    }

    /** Accepts an edit of a plan that failed or has done nothing yet. */
    private void acceptEdit(Connection connection, MigrationRow row) throws SQLException {
        var ranges = ledger.ranges().all(connection);
        boolean untouched = ledger.walks().earlier(connection).count() == 0
                && ranges.stream().allMatch(r -> r.batches() == 0);
        if (row.state() == State.RUNNING && !untouched)
            throw new MigrationFailure(
                    Reason.ChecksumMismatch,
                    run.plan().migration() + " began here with another plan (" + row.checksum() + ", this one is "
                            + row.inItsFormat(run.checksum())
                            + ") and has changed rows by it: restore that one, or add a new migration");
        var walk = ledger.walks().read(connection);
        if (walk.isEmpty()) return;
        if (!walk.get().over().equals(Json.write(work.over())))
            ledger.walks().forget(connection, "another plan walks over something else");
        else if (!ledger.walks().isWith(connection, work.sql())) {
            // With the same statement a finished walk stays finished: a wrong verify query is no reason to change a row
            // twice.
            if (ranges.stream().allMatch(RangeRow::done))
                ledger.walks().forget(connection, "another statement after a walk that was finished");
            else ledger.walks().goOnWith(connection, work.sql());
        }
    }
}
