package dev.cairn.runner.backfill;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.run.Result;
import dev.cairn.runner.run.Run;
import java.sql.SQLException;

/** Carries out a backfill. */
public final class Backfill {
    private final Run run;
    private final Work.Backfill work;

    public Backfill(Run run, Work.Backfill work) {
        this.run = run;
        this.work = work;
    }

    /** @throws MigrationFailure on every way that does not end with the migration applied */
    public Result run() throws SQLException {
        try (var connection = run.firstConnection()) {
            throw new MigrationFailure(Reason.InvalidSpec, work.over() + " " + connection);
        }
    }
}
