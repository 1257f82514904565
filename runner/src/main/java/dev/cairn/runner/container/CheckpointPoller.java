package dev.cairn.runner.container;

import dev.cairn.plan.Progress;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.CheckpointRow;
import dev.cairn.runner.ledger.FencedException;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.session.Connector;
import dev.cairn.runner.session.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Shows the checkpoint as progress while the user's command runs. Failures here do not affect the command: a lost
 * connection only shows in log and progress. Not thread-safe.
 */
final class CheckpointPoller {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Run run;
    private final UUID token;
    private final Handover handover;
    private @Nullable Connection connection;
    private boolean known = true;

    CheckpointPoller(Run run, UUID token, Handover handover) {
        this.run = run;
        this.token = token;
        this.handover = handover;
    }

    /**
     * Reads the checkpoint once a second until the launcher reports the command's end.
     *
     * @throws FencedException as soon as another start owns the migration
     */
    EndFile untilTheCommandEnds() {
        try {
            while (true) {
                var ended = handover.ended();
                if (ended.isPresent()) return ended.get();
                look();
                run.stop().pause(INTERVAL);
            }
        } finally {
            close();
        }
    }

    /** Reports the checkpoint as progress. */
    static void tell(Run run, CheckpointRow row) {
        var cursor = row.cursor();
        var range =
                new Progress.Range(null, null, cursor == null || !run.showsKeys() ? null : shown(cursor), row.rows());
        run.progress()
                .walk(
                        row.rows(),
                        null,
                        row.rows(),
                        row.estimatedRows(),
                        0,
                        row.committedAtMillis(),
                        List.of(range),
                        0,
                        null);
    }

    private void look() {
        try {
            var open = connection == null ? run.connector().connect() : connection;
            connection = open;
            if (!run.ledger().migrations().owns(open, token))
                throw run.ledger().migrations().fenced(open);
            var row = run.ledger().checkpoints().read(open);
            row.ifPresent(found -> tell(run, found));
            run.progress().activity(Activity.Running);
            known = true;
        } catch (SQLException e) {
            lost(SqlFailures.text(e));
        } catch (MigrationFailure e) {
            lost(e.text());
        }
    }

    private void lost(String why) {
        var cause = "the container runs, but its progress is not known: " + why;
        // One line for each loss: this is tried again every second.
        if (known) Log.info(cause);
        known = false;
        run.progress().activity(Activity.Retrying, cause);
        close();
    }

    private void close() {
        Connector.close(connection);
        connection = null;
    }

    private static String shown(String cursor) {
        return cursor.length() <= Progress.MAX_KEY ? cursor : cursor.substring(0, Progress.MAX_KEY - 1) + "…";
    }
}
