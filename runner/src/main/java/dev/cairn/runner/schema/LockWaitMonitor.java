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
 * Looks at the working session from a second connection, on a thread of its own: says whom it waits for, cancels its
 * statement when it keeps others waiting for too long, and ends its work when the second connection (which holds the
 * scope's lock) is lost.
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

    /** From now on nobody else uses the observing connection. */
    void begin() throws SQLException {
        observerPid = StepConnection.pid(observer);
        Thread.ofPlatform().daemon().name("lock-waits").start(this::look);
    }

    /**
     * @param name of what the session does, for the message
     * @throws MigrationFailure if both connections are one session: behind a proxy that pools transactions, the lock
     *     belongs to nobody
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

    /** @return whom the session waited for when it was last seen waiting, one sentence; null if it never was */
    synchronized @Nullable String end() {
        watched = null;
        return cause;
    }

    /** @throws SQLException as the observing connection failed, if it did */
    synchronized void check() throws SQLException {
        if (lost != null) throw new SQLException("the session that holds the migrations' lock is gone", "08006", lost);
    }

    private void look() {
        try {
            while (awaitNextLook()) {
                var session = current();
                // Without a session the question is asked all the same: it shows whether the connection is alive.
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

    /** What waits is cancelled here; should the wait be over by now, the next statement has no time left to wait. */
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
     * Looks soon after a session's beginning, then less and less often: the question is not free for the server. Sessions
     * that follow one another quickly are not looked at more often than that.
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
