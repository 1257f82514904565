package dev.cairn.runner.backfill.worker;

import dev.cairn.plan.Backoff;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.report.Tracker;
import dev.cairn.runner.session.Reconnection;
import dev.cairn.runner.session.SqlFailures;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Handles a walk that gets fewer connections than it has workers, because of a limit of the role, the database or the
 * server. The connected workers continue, and another connection is tried from time to time. Not thread-safe.
 */
final class ConnectionShortage {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Backoff OF_SOME = new Backoff(FIRST_PAUSE, Duration.ofSeconds(30));
    private static final Backoff OF_ALL = new Backoff(FIRST_PAUSE, Duration.ofSeconds(10));

    private final Reconnection reconnection;
    private final Tracker progress;
    private final LongSupplier nanoTime;
    private @Nullable SQLException refusal;
    private int refusals;
    private Duration pause = Duration.ZERO;
    private long triedAt;
    private long workedAt;

    /** @param nanoTime the clock */
    ConnectionShortage(Reconnection reconnection, Tracker progress, LongSupplier nanoTime) {
        this.reconnection = reconnection;
        this.progress = progress;
        this.nanoTime = nanoTime;
        this.workedAt = nanoTime.getAsLong();
    }

    /** Whether to try another connection now. */
    boolean mayTry() {
        return refusal == null || nanoTime.getAsLong() - triedAt >= pause.toNanos();
    }

    /**
     * Records that a worker got no connection.
     *
     * @param connected workers that have one
     * @param wanted workers in all
     */
    void refused(SQLException e, long connected, int wanted) {
        // Workers that tried at the same time count as one failure.
        if (mayTry()) {
            refusals++;
            pause = (connected > 0 ? OF_SOME : OF_ALL).after(refusals);
            triedAt = nanoTime.getAsLong();
        }
        refusal = e;
        var cause = "%d of %d workers have a connection: %s; next attempt in %d ms"
                .formatted(connected, wanted, SqlFailures.text(e), pause.toMillis());
        Log.info(cause);
        progress.shortage(cause);
        if (connected == 0) progress.activity(Activity.Retrying, "no connection: " + cause);
    }

    /** Records that a worker got a connection. */
    void granted() {
        refusal = null;
        refusals = 0;
        pause = Duration.ZERO;
        progress.shortage(null);
    }

    /**
     * Checks how many workers have a connection.
     *
     * @param connected workers that have a connection
     * @param wanted workers in all at present
     * @throws MigrationFailure if there was no connection for minutes, and none is available
     */
    void check(long connected, int wanted) {
        if (refusal != null && connected >= wanted) granted();
        long now = nanoTime.getAsLong();
        if (connected > 0) workedAt = now;
        else if (refusal != null && now - workedAt > Reconnection.AFTER_LOSS.toNanos())
            throw reconnection.givenUp(refusal);
    }
}
