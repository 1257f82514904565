package dev.cairn.runner.backfill.worker;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Losses;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.session.SqlFailures;
import java.sql.SQLException;

/** Goes on after a lost connection, with growing pauses, but not for ever. Not thread-safe: each connection has its own. */
public final class ReconnectPolicy {
    /** Losses in a row without a committed batch between them. */
    private static final int MOST_LOSSES = 20;

    private final Run run;
    private int losses;

    public ReconnectPolicy(Run run) {
        this.run = run;
    }

    /** Something was committed: the next loss is the first again. */
    public void progressed() {
        losses = 0;
    }

    /**
     * Rests before the next connection.
     *
     * @throws MigrationFailure where another one would not help, or did not help so often
     */
    public void of(SQLException loss) {
        run.stop().check();
        switch (SqlFailures.kind(loss)) {
            case PERMANENT -> throw SqlFailures.failure("the ledger or the catalogue", loss);
            case ACCESS_DENIED, REPEAT, CANCELLED, CONNECTION_LOST, SERVER_FAULT -> {}
        }
        if (++losses > MOST_LOSSES) throw SqlFailures.failure("lost " + losses + " times in a row", loss);
        var cause = "begins again from the ledger: " + SqlFailures.text(loss);
        run.progress().activity(Activity.Retrying, cause);
        Log.info(cause);
        run.stop().pause(Losses.BACKOFF.after(losses));
    }
}
