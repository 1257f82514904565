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
 * Looks at the working session from a second connection, on a thread of its own: says whom it waits for, and ends its
 * work when the second connection (which holds the scope's lock) is lost.
 */
final class Watch implements AutoCloseable {
    private static final long FIRST_LOOK_MILLIS = 50;
    private static final long LAST_LOOK_MILLIS = 1000;

    private final Connection observer;
    private final Tracker progress;
    private @Nullable Session watched;
    private boolean waits;
    private boolean closed;
    private int observerPid;
    private String name = "";
    private @Nullable String cause;
    private long lookAgainMillis = FIRST_LOOK_MILLIS;
    private @Nullable SQLException lost;

    /** @param observer in autocommit mode; closed with the watch */
    Watch(Connection observer, Tracker progress) {
        this.observer = observer;
        this.progress = progress;
    }

    /** From now on nobody else uses the observing connection. */
    void begin() throws SQLException {
        observerPid = Session.pid(observer);
        Thread.ofPlatform().daemon().name("watch").start(this::look);
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
        this.lookAgainMillis = FIRST_LOOK_MILLIS;
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
                var blockers = Blockers.of(observer, session == null ? 0 : session.pid());
                if (session != null) tell(session, blockers);
            }
        } catch (SQLException e) {
            lose(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable Session current() {
        return watched;
    }

    /** Looks soon after a session's beginning, then less and less often: the question is not free for the server. */
    private synchronized boolean awaitNextLook() throws InterruptedException {
        var before = watched;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(lookAgainMillis);
        long left = lookAgainMillis;
        while (!closed && watched == before && left > 0) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
        lookAgainMillis = watched == before ? Math.min(LAST_LOOK_MILLIS, lookAgainMillis * 2) : FIRST_LOOK_MILLIS;
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
