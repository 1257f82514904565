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
 * A session for one part and no other: it has nothing of what earlier parts left in theirs (settings, a role, temporary
 * tables). Its statements are cancelled when the run is asked to stop.
 */
final class Session implements AutoCloseable {
    /** How long a statement may take to notice that it was cancelled before the connection is cut. */
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

    /** What holds for the next statement, outside a transaction or in one; {@link #UNKNOWN} after any other statement. */
    private long lockTimeoutMillis;

    private boolean isKept;

    /** Takes the connection when a session is over. */
    @FunctionalInterface
    interface Owner {
        /** @param isKept whether another session may have it */
        void takeBack(StepConnection connection, boolean isKept) throws SQLException;
    }

    /**
     * @param isNew whether it is the connection's first session
     * @param lockTimeoutMillis as the connection has it
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

    /** Whether it is the first one of its connection. */
    boolean isNew() {
        return isNew;
    }

    /** Its connection can be reset for the next part: what it did has succeeded, and leaves nothing else behind. */
    void keep() {
        isKept = true;
    }

    /** @throws dev.cairn.runner.end.MigrationFailure if the run was asked to stop, before or while it ran */
    void execute(String sql) throws SQLException {
        stop.check();
        lockTimeoutMillis = UNKNOWN;
        try (var statement = connection().createStatement()) {
            // {braces} are SQL here, not JDBC's escapes.
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        } catch (SQLException e) {
            stop.check();
            throw lockBudget.named(SqlFailures.ofStatement(sql, e));
        }
    }

    /** How long its transaction may wait while it is in the way of others. */
    LockBudget lockBudget() {
        return lockBudget;
    }

    /** @throws dev.cairn.runner.end.MigrationFailure if the run was asked to stop */
    void checkStop() {
        stop.check();
    }

    /**
     * How long its next statements wait for a lock.
     *
     * @param millis 0 for as long as it takes
     * @param local only until the transaction ends
     */
    void lockTimeout(long millis, boolean local) throws SQLException {
        if (millis == lockTimeoutMillis) return;
        execute("SET " + (local ? "LOCAL " : "") + "lock_timeout = " + millis);
        if (!local) lockTimeoutMillis = millis;
    }

    /** After statements that may have set time limits of their own. */
    void limitAgain() throws SQLException {
        stop.check();
        lockTimeoutMillis = lockBudget.leftMillis();
        server.limit(lockTimeoutMillis);
    }

    /**
     * Its next statements wait for a lock as long as the target allows, less what its transaction has waited before.
     *
     * @param local only until the transaction ends
     */
    void limitLockWaits(boolean local) throws SQLException {
        lockTimeout(lockBudget.leftMillis(), local);
    }

    /** Ends what runs. Cancels again until it is over, since a cancel between two statements meets nobody. */
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

    /** Cuts the connection: what runs on it fails at once, and the server rolls back. */
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
