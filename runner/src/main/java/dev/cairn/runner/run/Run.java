package dev.cairn.runner.run;

import dev.cairn.plan.Checksum;
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
import java.util.UUID;
import java.util.function.Supplier;
import org.postgresql.PGConnection;

/**
 * One start of the runner, as the engines see it.
 *
 * @param plan what to do
 * @param checksum by which the ledger knows the plan again
 * @param settings the settings now; ask again before each use, they change while the run goes
 * @param connector opens sessions
 * @param ledger what the database remembers of this migration; {@link #firstConnection()} puts it there
 * @param progress where to tell how far it is
 * @param stop the wish to stop; every wait goes through it
 */
public record Run(
        Plan plan,
        Checksum checksum,
        Supplier<Settings> settings,
        Connector connector,
        Ledger ledger,
        Tracker progress,
        Stop stop) {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration FOR_THE_LEDGER = Duration.ofMinutes(10);

    /** What {@code pg_stat_activity} shows for the sessions of a migration; the server cuts it at 63 bytes. */
    public static String applicationName(Identity migration) {
        return "cairn " + migration;
    }

    /**
     * Writes a failure that trying again would not mend into the ledger, in the caller's transaction; with it, as an event of
     * its own, what the server said of rows.
     *
     * @throws dev.cairn.runner.ledger.FencedException if another start owns the migration
     */
    public void recordFailure(Connection connection, UUID token, MigrationFailure failure) throws SQLException {
        ledger.migrations().failed(connection, token, failure.text());
        if (failure.words() != null) ledger.event(connection, "ServerSaid", failure.words());
    }

    /** Whether status and log may show keys of rows. */
    public boolean showsKeys() {
        return settings.get().showsKeys();
    }

    /** A connection that leaves the database as it is: where there is no ledger, none is made. */
    public Connection visit() {
        return Reconnection.toRead(connector, progress, stop).within(Reconnection.FIRST);
    }

    /** The connection that a run begins with: patient for half a minute, and the ledger is there afterwards. */
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
     * Makes sure that the database itself has done what this migration depends on, in the transaction that begins it.
     *
     * @throws dev.cairn.runner.end.MigrationFailure with {@link dev.cairn.plan.Reason#DependencyLost} if it has not
     */
    public void requireDependencies(Connection connection) throws SQLException {
        ledger.dependencies().require(connection, settings.get().dependsOn());
    }

    /** Patient while somebody uses a table of the ledger that is to be upgraded. */
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

    /** A new connection after one was lost in the middle: patient for minutes. */
    public Connection connectionAfterLoss() {
        return reconnection().within(Reconnection.AFTER_LOSS);
    }

    /**
     * Cancels what a connection still does some seconds after the wish to stop: the pod has ten. Close what it returns
     * with the connection.
     */
    public Stop.Registration cancelledAfterStop(Connection connection) {
        return stop.after(GRACE, () -> {
            try {
                connection.unwrap(PGConnection.class).cancelQuery();
            } catch (SQLException e) {
                Log.info("the running statement could not be cancelled: " + SqlFailures.text(e));
            }
        });
    }

    /** To connect in a way of one's own. */
    public Reconnection reconnection() {
        return new Reconnection(connector, progress, stop);
    }
}
