package dev.cairn.runner.run;

import dev.cairn.plan.ExitCode;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.FencedException;
import dev.cairn.runner.ledger.MigrationRow;
import dev.cairn.runner.ledger.MigrationRow.State;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.session.SqlFailures.Kind;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** This start of the migration in the ledger. It begins once and may use several connections. Not thread-safe. */
public final class Start {
    private final Run run;
    private final StaleSessions staleSessions;
    private @Nullable UUID token;

    /**
     * The token that was written, maybe not committed. After a connection loss at the commit, the ledger shows the
     * result.
     */
    private @Nullable UUID drawn;

    private boolean tookOver;
    private @Nullable String remainingSessions;

    public Start(Run run) {
        this.run = run;
        this.staleSessions = new StaleSessions(run);
    }

    /** Continues with the token of an earlier process of the same pod. */
    public void resume(UUID earlier) {
        token = earlier;
    }

    /**
     * Ends the sessions of the previous start, or those that this start lost. Call it before any effect. It ends the
     * sessions of another start only once: two live starts must not end each other's sessions for ever.
     *
     * @param connection in autocommit mode
     * @throws FencedException if another start took over from this one; that start's sessions stay
     */
    public void endStaleSessions(Connection connection) throws SQLException {
        var row = run.ledger().migrations().read(connection).orElse(null);
        if (row == null || row.state() == State.APPLIED) return;
        learn(row);
        if (token == null) {
            if (!tookOver) remainingSessions = staleSessions.endAll(connection, row);
            tookOver = true;
            return;
        }
        if (!row.token().equals(token)) throw run.ledger().migrations().fenced(connection);
        if (row.backend() != null)
            remainingSessions = staleSessions.end(connection, row.backend(), "this pod's lost connection");
    }

    /** Whether this start is in the ledger. */
    public boolean hasBegun() {
        return token != null;
    }

    /** An engine's reading of the migration's row in the ledger. */
    @FunctionalInterface
    public interface Look {
        /**
         * Writes nothing.
         *
         * @param row the row before this start
         * @return true if nothing is left to do
         * @throws MigrationFailure if another plan has run under this name
         */
        boolean isDone(Connection connection, MigrationRow row) throws SQLException;

        /**
         * Prepares the ledger for a new start, in the transaction that begins it.
         *
         * @param row the row before this start, locked
         * @throws MigrationFailure if this plan may not continue where another one has begun
         */
        default void prepare(Connection connection, MigrationRow row) throws SQLException {}
    }

    /**
     * Whether nothing is left to do. Takes no lock and writes nothing, so the check of an applied migration is cheap.
     */
    public boolean isDone(Connection connection, Look look) throws SQLException {
        var row = run.ledger().migrations().read(connection);
        return row.isPresent() && look.isDone(connection, row.get());
    }

    /**
     * Begins this start, or makes sure that no later start began. A lost session of an earlier run may lock the row:
     * then this waits for its end.
     *
     * @param connection in autocommit mode
     * @return the token, empty if nothing is left to do (then nothing was written)
     * @throws FencedException if another start owns the migration
     */
    public Optional<UUID> begin(Connection connection, Look look) throws SQLException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(locksMillis(true));
        while (true) {
            try {
                var committed = Transaction.in(connection, c -> beginIn(c, look));
                token = committed.orElse(token);
                return committed;
            } catch (SQLException e) {
                if (SqlFailures.kind(e) != Kind.REPEAT) throw e;
                tellWhoHolds(connection, e, System.nanoTime() >= deadline);
                run.stop().pause(Duration.ofSeconds(1));
            }
        }
    }

    private Optional<UUID> beginIn(Connection connection, Look look) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = " + locksMillis(false));
        }
        var migrations = run.ledger().migrations();
        var row = migrations.lock(connection, run.checksum());
        // Checked also when this run began: its last commit may have succeeded although the answer was lost.
        if (look.isDone(connection, row)) return Optional.empty();
        run.requireDependencies(connection);
        learn(row);
        if (token != null) {
            migrations.rejoin(connection, token);
            return Optional.of(token);
        }
        look.prepare(connection, row);
        drawn = migrations.begin(connection, run.checksum());
        run.progress().attempts(row.attempts() + 1);
        Log.info("attempt " + (row.attempts() + 1));
        return Optional.of(drawn);
    }

    /** A commit whose answer was lost may have succeeded. */
    private void learn(MigrationRow row) {
        if (row.token().equals(drawn)) token = drawn;
    }

    /** The result of a run that finds nothing left to do. */
    public Result nothingLeft() {
        run.progress().activity(Activity.Done);
        return token == null
                ? new Result(Reason.AlreadyApplied, "the database has it already: nothing was done")
                : new Result(Reason.Applied, "applied, just before the connection was lost");
    }

    /** Records the migration as applied, inside the transaction of the last effect. */
    public void applied(Connection connection) throws SQLException {
        if (token == null) throw new IllegalStateException("applied before it was begun");
        run.ledger().migrations().applied(connection, token);
    }

    /**
     * Records a permanent failure. A separate event has the server's text with values of rows. The caller throws the failure
     * also when it could not be recorded. Waits for minutes for a connection.
     */
    public void record(MigrationFailure failure) {
        var mine = token;
        if (mine == null || failure.reason().exitCode() != ExitCode.PERMANENT) return;
        try (var connection = run.connectionAfterLoss()) {
            Transaction.run(connection, c -> {
                run.ledger().migrations().failed(c, mine, failure.text());
                if (failure.words() != null) run.ledger().event(c, "ServerSaid", failure.words());
            });
        } catch (SQLException | FencedException | MigrationFailure e) {
            Log.info("the failure is not in the ledger: " + e.getMessage());
            failure.addSuppressed(e);
        }
    }

    private void tellWhoHolds(Connection connection, SQLException e, boolean timeIsUp) throws SQLException {
        var row = run.ledger().migrations().read(connection);
        var cause = "waits for the session of its earlier run"
                + row.map(MigrationRow::worker).map(worker -> " by " + worker).orElse("") + " to end"
                + (remainingSessions == null ? "" : ": " + remainingSessions);
        if (timeIsUp) throw new MigrationFailure(Reason.LockTimeout, cause, e.getSQLState(), null, e);
        run.progress().activity(Activity.Waiting, cause);
    }

    private long locksMillis(boolean allTries) {
        var locks = run.settings().get().locks();
        return allTries ? locks.retryForMillis() : locks.timeoutMillis();
    }
}
