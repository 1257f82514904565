package dev.cairn.runner.ledger;

import dev.cairn.plan.Identity;
import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Checks the dependencies of a migration in its own database. The cluster may have a migration as Ready that the
 * database does not have: a restored copy, a failover, or another database. A migration must not drop a column there.
 */
public final class DependencyCheck {
    private static final Set<String> DONE = Set.of("applied", "marked", "skipped");
    private static final String STATE = "SELECT state FROM %s.migration WHERE scope = ? AND kind = ? AND name = ?";

    private final Ledger ledger;

    DependencyCheck(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Checks the dependencies of the ledger's own scope; others are in other databases. Takes no lock and writes
     * nothing.
     *
     * @throws MigrationFailure with {@link Reason#DependencyLost} if the ledger does not have one of them as applied
     */
    public void require(Connection connection, List<Identity> dependencies) throws SQLException {
        var scope = ledger.migration().scope();
        var lost = new ArrayList<String>();
        for (var dependency : dependencies) {
            if (!dependency.scope().equals(scope)) continue;
            var state = state(connection, dependency);
            if (!DONE.contains(state)) lost.add(dependency + " (" + state + ")");
        }
        if (lost.isEmpty()) return;
        throw new MigrationFailure(
                Reason.DependencyLost,
                "the ledger of scope " + scope + " (schema " + ledger.schema() + ") does not have "
                        + String.join(", ", lost.subList(0, Math.min(3, lost.size())))
                        + (lost.size() > 3 ? " and " + (lost.size() - 3) + " more" : "")
                        + " as applied, and the cluster has: the database was restored from an older copy, or the "
                        + "connection leads to another one. Nothing ran. Correct the connection of the target. Or run "
                        + "what is missing again: set its annotation cairn.dev/retry, and another value once it is Lost");
    }

    private String state(Connection connection, Identity dependency) throws SQLException {
        try (var query = ledger.prepare(connection, STATE)) {
            query.setString(1, dependency.scope());
            query.setString(2, dependency.kind().name());
            query.setString(3, dependency.name());
            try (var rows = query.executeQuery()) {
                return rows.next() ? rows.getString(1) : "not in the ledger";
            }
        }
    }
}
