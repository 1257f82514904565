package dev.cairn.runner.run;

import dev.cairn.plan.Plan;
import dev.cairn.plan.Settings;
import dev.cairn.runner.end.Stop;
import dev.cairn.runner.ledger.Ledger;
import dev.cairn.runner.report.Tracker;
import dev.cairn.runner.session.Connector;
import dev.cairn.runner.session.Reconnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;

/**
 * One start of the runner, as the engines see it.
 *
 * @param plan what to do
 * @param hash the plan's checksum
 * @param settings the settings now; ask again before each use, they change while the run goes
 * @param connector opens sessions
 * @param ledger what the database remembers of this migration; {@link #firstConnection()} puts it there
 * @param progress where to tell how far it is
 * @param stop the wish to stop; every wait goes through it
 */
public record Run(
        Plan plan,
        String hash,
        Supplier<Settings> settings,
        Connector connector,
        Ledger ledger,
        Tracker progress,
        Stop stop) {

    /** The connection that a run begins with: patient for half a minute, and the ledger is there afterwards. */
    public Connection firstConnection() throws SQLException {
        var connection = reconnection().within(Reconnection.FIRST);
        try {
            ledger.install(connection);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** A new connection after one was lost in the middle: patient for minutes. */
    public Connection connectionAfterLoss() {
        return reconnection().within(Reconnection.AFTER_LOSS);
    }

    private Reconnection reconnection() {
        return new Reconnection(connector, progress, stop);
    }
}
