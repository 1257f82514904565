package dev.cairn.runner.run;

import dev.cairn.plan.Checksum;
import dev.cairn.plan.GracePeriod;
import dev.cairn.plan.Identity;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.end.Stop;
import dev.cairn.runner.ledger.Ledger;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.report.Tracker;
import dev.cairn.runner.session.Connector;
import dev.cairn.runner.session.Reconnection;
import dev.cairn.runner.session.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import org.postgresql.PGConnection;

/**
 * One start of the runner, for the engines.
 *
 * @param plan the plan to carry out
 * @param checksum of the plan, for comparison with the ledger
 * @param settings the present settings; get them again before each use, since they change during the run
 * @param connector opens sessions
 * @param ledger the database's records of this migration; {@link #firstConnection()} creates it
 * @param progress for reports of the progress
 * @param stop the request to stop; every wait uses it
 */
public record Run(
        Plan plan,
        Checksum checksum,
        Supplier<Settings> settings,
        Connector connector,
        Ledger ledger,
        Tracker progress,
        Stop stop) {
    private static final Duration FOR_THE_LEDGER = Duration.ofMinutes(10);

    /** The application_name of a migration's sessions in {@code pg_stat_activity}; the server cuts it at 63 bytes. */
    public static String applicationName(Identity migration) {
        return "cairn " + migration;
    }

    /** Whether status and log may show keys of rows. */
    public boolean showsKeys() {
        return settings.get().showsKeys();
    }

    /** A connection for reading only: it does not create a ledger. */
    public Connection visit() {
        return Reconnection.toRead(connector, progress, stop).within(Reconnection.FIRST);
    }

    /** The first connection of a run. It retries for half a minute, and creates or upgrades the ledger. */
    public Connection firstConnection() throws SQLException {
        var connection = reconnection().within(Reconnection.FIRST);
        try {
            install(connection);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Makes sure that the database itself has this migration's dependencies as applied, in the transaction that begins
     * it.
     *
     * @throws dev.cairn.runner.end.MigrationFailure with {@link dev.cairn.plan.Reason#DependencyLost} if one is missing
     */
    public void requireDependencies(Connection connection) throws SQLException {
        ledger.dependencies().require(connection, settings.get().dependsOn());
    }

    /** Retries while another session uses a table of the ledger that must be upgraded. */
    private void install(Connection connection) throws SQLException {
        long deadline = System.nanoTime() + FOR_THE_LEDGER.toNanos();
        while (true) {
            try {
                ledger.install(connection);
                return;
            } catch (MigrationFailure failure) {
                if (failure.reason() != Reason.LockTimeout || System.nanoTime() >= deadline) throw failure;
                progress.activity(Activity.Waiting, failure.text());
                stop.pause(Duration.ofSeconds(1));
            }
        }
    }

    /** A new connection after a loss. It retries for minutes. */
    public Connection connectionAfterLoss() {
        return reconnection().within(Reconnection.AFTER_LOSS);
    }

    /**
     * Cancels the connection's running statement when {@link GracePeriod#OF_BATCH} has passed since the request to stop.
     * Close the returned registration with the connection.
     */
    public Stop.Registration cancelledAfterStop(Connection connection) {
        return stop.after(GracePeriod.OF_BATCH, () -> {
            try {
                connection.unwrap(PGConnection.class).cancelQuery();
            } catch (SQLException e) {
                Log.info("the running statement could not be cancelled: " + SqlFailures.text(e));
            }
        });
    }

    /** For callers that need other limits than the methods above. */
    public Reconnection reconnection() {
        return new Reconnection(connector, progress, stop);
    }
}
