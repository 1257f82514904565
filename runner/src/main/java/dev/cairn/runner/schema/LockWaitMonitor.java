package dev.cairn.runner.schema;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.report.Tracker;
import dev.cairn.runner.session.Pooling;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches the working session from a second connection, on a separate thread. It reports which session blocks it. It
 * cancels its statement when the session blocks others for too long. It ends its work when the second connection, which
 * holds the scope's lock, is lost.
 */
final class LockWaitMonitor implements AutoCloseable {
    private static final long LAST_LOOK_MILLIS = 500;
    private static final String CANCEL = "SELECT pg_catalog.pg_cancel_backend(?)";

    private final Connection observer;
    private final Tracker progress;
    private @Nullable Session watched;
    private boolean waits;
    private boolean closed;
    private int observerPid;
    private String name = "";
    private @Nullable String cause;
    private long lookAgainMillis = LockBudget.LOOK_MILLIS;
    private @Nullable SQLException lost;

    /** @param observer in autocommit mode; closed with the monitor */
    LockWaitMonitor(Connection observer, Tracker progress) {
        this.observer = observer;
        this.progress = progress;
    }

    /** Starts the monitor. From now on only the monitor uses the observing connection. */
    void begin() throws SQLException {
        observerPid = StepConnection.pid(observer);
        Thread.ofPlatform().daemon().name("lock-waits").start(this::look);
    }

    /**
     * @param name of the session's work, for the message
     * @throws MigrationFailure if both connections are one session: behind a proxy that pools transactions, the lock
     *     has no owner
     */
    synchronized void over(Session session, String name) {
        if (session.pid() == observerPid) throw Pooling.refusal();
        this.watched = session;
        this.name = name;
        this.cause = null;
        this.waits = false;
        this.lookAgainMillis = LockBudget.LOOK_MILLIS;
        progress.activity(Activity.Running);
        notifyAll();
    }

    /** @return the session that blocked it last, one sentence; null if none did */
    synchronized @Nullable String end() {
        watched = null;
        return cause;
    }

    /** @throws SQLException if the observing connection failed */
    synchronized void check() throws SQLException {
        if (lost != null) throw new SQLException("the session that holds the migrations' lock is gone", "08006", lost);
    }

    private void look() {
        try {
            while (awaitNextLook()) {
                var session = current();
                // Asks also without a session: the query shows whether the connection is alive.
                var seen = LockLook.of(observer, session == null ? 0 : session.pid());
                if (session == null) continue;
                tell(session, seen.waits() ? Blockers.of(observer, session.pid()) : null);
                if (seen.blocks()) lookSoon();
                if (session.lockBudget().spend(seen)) cancel(session);
            }
        } catch (SQLException e) {
            lose(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Cancels the waiting statement. If the wait is already over, the next statement has no time left to wait. */
    private void cancel(Session session) throws SQLException {
        try (var cancel = observer.prepareStatement(CANCEL)) {
            cancel.setInt(1, session.pid());
            cancel.execute();
        }
    }

    private synchronized void lookSoon() {
        lookAgainMillis = LockBudget.LOOK_MILLIS;
    }

    private synchronized @Nullable Session current() {
        return watched;
    }

    /**
     * Checks soon after a session's start, then less and less often: the query costs the server time. Short sessions in
     * a row are not checked more often.
     */
    private synchronized boolean awaitNextLook() throws InterruptedException {
        var before = watched;
        long began = System.nanoTime();
        while (!closed) {
            long left = lookAgainMillis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            if (left <= 0) break;
            wait(left);
        }
        lookAgainMillis = watched == before ? Math.min(LAST_LOOK_MILLIS, lookAgainMillis * 2) : LockBudget.LOOK_MILLIS;
        return !closed;
    }

    private synchronized void tell(Session session, @Nullable String blockers) {
        if (watched != session) return;
        if (blockers != null) {
            if (cause == null) Log.info(name + " " + blockers);
            cause = name + " " + blockers;
            progress.activity(Activity.Waiting, cause);
        } else if (waits) {
            progress.activity(Activity.Running);
        }
        waits = blockers != null;
    }

    private synchronized void lose(SQLException e) {
        if (closed) return;
        lost = e;
        if (watched != null) watched.abort();
    }

    @Override
    public void close() throws SQLException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        observer.close();
    }
}
