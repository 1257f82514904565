package dev.cairn.runner.session;

import dev.cairn.plan.Backoff;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.end.Stop;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.report.Tracker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Tries to connect until it succeeds or the time is up. The pauses grow, and the progress shows each retry. */
public final class Reconnection {
    /** The limit for the first connection: a Job starts another pod when one fails early. */
    public static final Duration FIRST = Duration.ofSeconds(30);

    /** The limit after a connection was lost: a failover or a restart of the server may take minutes. */
    public static final Duration AFTER_LOSS = Duration.ofMinutes(5);

    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(10));

    private final Connector connector;
    private final Tracker progress;
    private final Stop stop;
    private final boolean isToWrite;

    /** For sessions that write: a server that refuses changes counts as unreachable. */
    public Reconnection(Connector connector, Tracker progress, Stop stop) {
        this(connector, progress, stop, true);
    }

    private Reconnection(Connector connector, Tracker progress, Stop stop, boolean isToWrite) {
        this.connector = connector;
        this.progress = progress;
        this.stop = stop;
        this.isToWrite = isToWrite;
    }

    /** For sessions that read from the primary: a replica may return old data. */
    public static Reconnection toRead(Connector connector, Tracker progress, Stop stop) {
        return new Reconnection(connector, progress, stop, false);
    }

    /**
     * A session within the limit.
     *
     * @throws MigrationFailure at once where a retry cannot succeed (a missing key, a wrong password); when the time is
     *     up; when the run must stop
     */
    public Connection within(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        for (int failures = 1; ; failures++) {
            var pause = BACKOFF.after(failures);
            try {
                return once();
            } catch (SQLException e) {
                if (System.nanoTime() + pause.toNanos() > deadline) throw givenUp(e);
                tell(e, pause);
            }
            stop.pause(Backoff.jittered(pause));
        }
    }

    /**
     * A session at the first attempt.
     *
     * @throws MigrationFailure where a retry cannot succeed, and when the run must stop
     * @throws SQLException where a retry may succeed
     */
    public Connection once() throws SQLException {
        stop.check();
        try {
            return toPrimary();
        } catch (SQLException e) {
            refuseWhatStays(e);
            throw e;
        }
    }

    private Connection toPrimary() throws SQLException {
        var connection = connector.connect();
        try {
            if (isToWrite) ReadOnly.requireWritable(connection);
            else ReadOnly.requirePrimary(connection);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** The failure that ends the retries of {@link #once}. */
    public MigrationFailure givenUp(SQLException e) {
        return failure(Reason.ConnectionLost, e);
    }

    private void refuseWhatStays(SQLException e) {
        switch (SqlFailures.kind(e)) {
            case ACCESS_DENIED -> throw failure(Reason.AccessDenied, e);
            // The database does not exist, or the role may not connect to it.
            case PERMANENT ->
                throw failure("42501".equals(e.getSQLState()) ? Reason.AccessDenied : Reason.ConnectionLost, e);
            case REPEAT, CONNECTION_LOST, SERVER_FAULT, CANCELLED -> {}
        }
    }

    private void tell(SQLException e, Duration pause) {
        var cause = "no connection: " + SqlFailures.text(e) + "; next attempt in " + pause.toMillis() + " ms";
        progress.activity(Activity.Retrying, cause);
        Log.info(cause);
    }

    private MigrationFailure failure(Reason reason, SQLException e) {
        if (e instanceof ReadOnly.TakesNoChanges)
            return new MigrationFailure(reason, "the target database takes no changes: " + SqlFailures.text(e));
        var secret = "Secret \"" + connector.secretName() + "\"";
        var nextStep = reason == Reason.AccessDenied
                ? "correct the credentials in " + secret
                        + ", or what the server allows them; the next attempt reads it again"
                : "host, port and database come from " + secret + " and from spec.connection of the target";
        return new MigrationFailure(
                reason,
                "cannot connect to the target database: " + SqlFailures.text(e) + ": " + nextStep,
                e.getSQLState(),
                SqlFailures.hint(e),
                e);
    }
}
