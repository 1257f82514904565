package dev.cairn.runner.backfill.worker;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Losses;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.session.SqlFailures;
import java.sql.SQLException;

/**
 * Retries after a lost connection, with growing pauses and a limit. Not thread-safe: each connection has its own
 * policy.
 */
public final class ReconnectPolicy {
    /** The most losses in a row without a committed batch between them. */
    private static final int MOST_LOSSES = 20;

    private final Run run;
    private int losses;

    public ReconnectPolicy(Run run) {
        this.run = run;
    }

    /** A batch was committed, so the next loss counts as the first. */
    public void progressed() {
        losses = 0;
    }

    /**
     * Pauses before the next connection.
     *
     * @throws MigrationFailure if a retry cannot succeed, or too many retries failed
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
