package dev.cairn.runner.schema;

import dev.cairn.runner.end.Stop;
import dev.cairn.runner.session.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;

/**
 * A session for one part. It has nothing that earlier parts left in their sessions (settings, a role, temporary
 * tables). A request to stop cancels its statements.
 */
final class Session implements AutoCloseable {
    /** How many times a statement is cancelled before the connection is cut. */
    private static final int CANCELS = 20;

    private static final long CANCEL_EVERY_MILLIS = 250;
    private static final long UNKNOWN = -1;

    private final StepConnection server;
    private final boolean isNew;
    private final Owner owner;
    private final Stop stop;
    private final LockBudget lockBudget;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Stop.Registration cancelOnStop;

    /** The lock_timeout of the next statement; {@link #UNKNOWN} after any other statement. */
    private long lockTimeoutMillis;

    private boolean isKept;

    /** Takes the connection back when a session is over. */
    @FunctionalInterface
    interface Owner {
        /** @param isKept whether another session may use it */
        void takeBack(StepConnection connection, boolean isKept) throws SQLException;
    }

    /**
     * @param isNew whether it is the connection's first session
     * @param lockTimeoutMillis the connection's present lock_timeout
     */
    Session(
            StepConnection server,
            boolean isNew,
            long lockTimeoutMillis,
            Stop stop,
            LockBudget lockBudget,
            Owner owner) {
        this.server = server;
        this.isNew = isNew;
        this.stop = stop;
        this.lockBudget = lockBudget;
        this.owner = owner;
        this.lockTimeoutMillis = lockTimeoutMillis;
        this.cancelOnStop = stop.after(Duration.ZERO, this::cancel);
    }

    Connection connection() {
        return server.connection();
    }

    /** The server process. */
    int pid() {
        return server.pid();
    }

    /** Whether it is the first session of its connection. */
    boolean isNew() {
        return isNew;
    }

    /**
     * Allows a reset of its connection for the next part: its work has succeeded, and a reset undoes all that it
     * leaves.
     */
    void keep() {
        isKept = true;
    }

    /** @throws dev.cairn.runner.end.MigrationFailure if the run was asked to stop, before or during the statement */
    void execute(String sql) throws SQLException {
        stop.check();
        lockTimeoutMillis = UNKNOWN;
        try (var statement = connection().createStatement()) {
            // {braces} are SQL here, not escapes of JDBC.
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        } catch (SQLException e) {
            stop.check();
            throw lockBudget.named(SqlFailures.ofStatement(sql, e));
        }
    }

    /** How long its transaction may wait while it blocks others. */
    LockBudget lockBudget() {
        return lockBudget;
    }

    /** @throws dev.cairn.runner.end.MigrationFailure if the run was asked to stop */
    void checkStop() {
        stop.check();
    }

    /**
     * Sets how long its next statements wait for a lock.
     *
     * @param millis 0 for no limit
     * @param local only until the transaction ends
     */
    void lockTimeout(long millis, boolean local) throws SQLException {
        if (millis == lockTimeoutMillis) return;
        execute("SET " + (local ? "LOCAL " : "") + "lock_timeout = " + millis);
        if (!local) lockTimeoutMillis = millis;
    }

    /** Sets the time limits again, after statements that may have changed them. */
    void limitAgain() throws SQLException {
        stop.check();
        lockTimeoutMillis = lockBudget.leftMillis();
        server.limit(lockTimeoutMillis);
    }

    /**
     * Sets the lock_timeout of its next statements: the target's limit minus the waits of its transaction so far.
     *
     * @param local only until the transaction ends
     */
    void limitLockWaits(boolean local) throws SQLException {
        lockTimeout(lockBudget.leftMillis(), local);
    }

    /** Ends the running statement. It cancels repeatedly, since a cancel between two statements has no effect. */
    void cancel() {
        try {
            for (int i = 0; i < CANCELS; i++) {
                connection().unwrap(PGConnection.class).cancelQuery();
                if (closed.await(CANCEL_EVERY_MILLIS, TimeUnit.MILLISECONDS)) return;
            }
            abort();
        } catch (SQLException e) {
            abort();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Cuts the connection: the running statement fails at once, and the server rolls back. */
    void abort() {
        try {
            connection().abort(Runnable::run);
        } catch (SQLException e) {
            throw new IllegalStateException("the driver can always cut a connection", e);
        }
    }

    @Override
    public void close() throws SQLException {
        closed.countDown();
        cancelOnStop.close();
        owner.takeBack(server, isKept && !lockBudget.end());
    }
}
