package dev.cairn.runner.run;

import dev.cairn.plan.Backoff;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.session.Connector;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.session.SqlFailures.Kind;
import java.sql.SQLException;
import java.time.Duration;

/** Continues after lost connections. The ledger says what was committed, so each attempt begins by reading it. */
public final class Losses {
    /** After more losses the run fails. Kubernetes starts the next pod of the Job after a pause that grows. */
    private static final int MOST = 20;

    /** The pauses after losses in a row. */
    public static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

    private final Run run;

    public Losses(Run run) {
        this.run = run;
    }

    /** One attempt to do all that is left. */
    @FunctionalInterface
    public interface Attempt {
        Result run() throws SQLException;
    }

    /** @throws MigrationFailure from the attempt, or when a connection is lost for good */
    public Result survive(Attempt attempt) {
        for (int losses = 1; ; losses++) {
            try {
                return attempt.run();
            } catch (SQLException e) {
                if (SqlFailures.kind(e) != Kind.CONNECTION_LOST || losses > MOST) throw failure(e);
                goOnAfter(e, losses);
            }
        }
    }

    private void goOnAfter(SQLException e, int losses) {
        var cause = "connection lost: " + SqlFailures.text(e) + "; goes on from the ledger";
        Log.info(cause);
        run.progress().activity(Activity.Retrying, cause);
        run.stop().pause(BACKOFF.after(losses));
        // The connection only shows that the server is back.
        Connector.close(run.connectionAfterLoss());
    }

    private MigrationFailure failure(SQLException e) {
        return SqlFailures.failure(run.plan().migration().toString(), e);
    }
}
