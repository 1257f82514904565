package dev.cairn.runner.schema;

import dev.cairn.runner.end.Stop;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.sql.PinnedSql;
import dev.cairn.runner.sql.Statement;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;

/**
 * A session for one part and no other: whatever a step leaves in it (settings, a role, temporary tables) ends with it.
 * Its statements are cancelled when the run is asked to stop.
 */
final class Session implements AutoCloseable {
    /** How long a statement may take to notice that it was cancelled before the connection is cut. */
    private static final int CANCELS = 20;

    private static final long CANCEL_EVERY_MILLIS = 250;

    /**
     * A role's own time limits are made for an application's queries, not for DDL. A runner that froze must not keep its
     * locks, though. (The server has not all of these in every version.)
     */
    private static final String LIMITS = PinnedSql.of("""
        SELECT pg_catalog.set_config(name, CASE WHEN name = 'idle_in_transaction_session_timeout' THEN '60s' ELSE '0' END,
                                     false)
          FROM pg_catalog.pg_settings
         WHERE name = ANY (CAST('{statement_timeout,transaction_timeout,idle_in_transaction_session_timeout}' AS text[]))
        """);

    private final Connection connection;
    private final int pid;
    private final Stop stop;
    private final LockBudget lockBudget;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Stop.Registration cancelOnStop;

    private Session(Connection connection, Stop stop, LockBudget lockBudget) throws SQLException {
        this.connection = connection;
        this.stop = stop;
        this.lockBudget = lockBudget;
        this.pid = pid(connection);
        this.cancelOnStop = stop.after(Duration.ZERO, this::cancel);
    }

    /** @param settings SET statements that hold for the whole session */
    static Session open(Run run, List<Statement> settings) throws SQLException {
        run.stop().check();
        var lockBudget = new LockBudget(() -> run.settings().get().locks().timeoutMillis());
        var session = new Session(run.connector().connect(), run.stop(), lockBudget);
        try {
            // Through a pool of sessions, this is the first to set it.
            session.execute("SET row_security = off");
            for (var setting : settings) session.execute(setting.sent());
            session.execute(LIMITS);
            return session;
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** As the server says: what the driver was told when it connected is a proxy's invention where there is one. */
    static int pid(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
            if (!rows.next()) throw new IllegalStateException("pg_backend_pid() gave no row");
            return rows.getInt(1);
        }
    }

    Connection connection() {
        return connection;
    }

    /** The server process. */
    int pid() {
        return pid;
    }

    /** @throws dev.cairn.runner.end.MigrationFailure if the run was asked to stop, before or while it ran */
    void execute(String sql) throws SQLException {
        stop.check();
        try (var statement = connection.createStatement()) {
            // {braces} are SQL here, not JDBC's escapes.
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        } catch (SQLException e) {
            stop.check();
            throw lockBudget.named(e);
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
        execute("SET " + (local ? "LOCAL " : "") + "lock_timeout = " + millis);
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
                connection.unwrap(PGConnection.class).cancelQuery();
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
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            throw new IllegalStateException("the driver can always cut a connection", e);
        }
    }

    @Override
    public void close() throws SQLException {
        closed.countDown();
        cancelOnStop.close();
        connection.close();
    }
}
