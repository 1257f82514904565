package dev.cairn.runner.backfill;

import dev.cairn.plan.Work;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.run.Verification;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A backfill that the server has looked at: its table and key are there, its statement can be read and is confined, its
 * verify query gives a boolean. Nothing was changed for it.
 *
 * @param explained what the planner makes of the statement for an empty batch
 */
record Prepared(WalkedTable table, Parts parts, BatchStatement statement, Explained explained) {
    /** @throws MigrationFailure if it cannot be carried out as it is written */
    static Prepared of(Run run, Work.Backfill work, Connection connection) throws SQLException {
        var table = new TableLookup(connection, work.over()).find();
        var parts = Parts.of(connection, table.oid());
        var statement = new BatchStatement(table, parts, work.sql());
        var explained = statement.requireConfined(connection);
        statement.requireKeyUntouched(connection);
        if (work.verify() != null) new Verification(run).requireReadable(connection, work.verify());
        return new Prepared(table, parts, statement, explained);
    }
}
