package dev.cairn.runner.backfill;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.runner.ledger.Backend;
import dev.cairn.runner.ledger.MigrationRow;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Run;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Ends the sessions that worked on the migration before this one, so that a batch that is still running there neither
 * holds locks nor commits late. The ledger's token would stop such a commit in any case: this only makes it quick.
 */
final class Takeover {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Run run;

    Takeover(Run run) {
        this.run = run;
    }

    /** The migration's session and those of its workers. */
    void of(Connection connection, MigrationRow row) throws SQLException {
        var whose = String.valueOf(row.worker());
        if (row.backend() != null) of(connection, row.backend(), whose);
        for (var worker : run.ledger().ranges().workers(connection)) of(connection, worker, whose);
    }

    /** @param whose for the log and for people who wait */
    void of(Connection connection, Backend backend, String whose) throws SQLException {
        if (!backend.isAlive(connection)) return;
        Log.info("takeover: ending session " + backend.pid() + " of " + whose);
        run.progress().activity(Activity.Waiting, "the session of " + whose + " that worked on it has to end");
        if (terminate(connection, backend)) awaitEnd(connection, backend);
        run.progress().activity(Activity.Starting);
    }

    private boolean terminate(Connection connection, Backend backend) throws SQLException {
        try {
            backend.terminate(connection);
            return true;
        } catch (SQLException e) {
            if (!"42501".equals(e.getSQLState())) throw e;
            Log.info("takeover: the role may not end the session of another role; the ledger's token fences it");
            return false;
        }
    }

    private void awaitEnd(Connection connection, Backend backend) throws SQLException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (backend.isAlive(connection) && System.nanoTime() < deadline)
            run.stop().pause(POLL);
    }
}
