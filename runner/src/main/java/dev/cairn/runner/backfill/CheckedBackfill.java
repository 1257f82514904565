package dev.cairn.runner.backfill;

import dev.cairn.plan.Work;
import dev.cairn.runner.backfill.statement.BatchStatement;
import dev.cairn.runner.backfill.statement.StatementTemplate;
import dev.cairn.runner.backfill.table.TableFamily;
import dev.cairn.runner.backfill.table.TableLookup;
import dev.cairn.runner.backfill.table.WalkedTable;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.run.Verification;
import dev.cairn.runner.sql.Placeholder;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A backfill that the server has checked. Its table and key exist. Its statement can be read and is confined to a
 * batch. Its verify query returns a boolean. The check changed nothing.
 *
 * @param batchedVerify runs the verify query batch by batch; null where it runs as a whole, or there is none
 */
public record CheckedBackfill(
        WalkedTable table,
        TableFamily parts,
        BatchStatement statement,
        @Nullable BatchedVerify batchedVerify) {
    /** @throws MigrationFailure if it cannot run as it is written */
    public static CheckedBackfill of(Run run, Work.Backfill work, Connection connection) throws SQLException {
        var table = new TableLookup(connection, work.over(), run.showsKeys()).find();
        var parts = TableFamily.of(connection, table.oid());
        var statement = new BatchStatement(table, parts, work.sql());
        statement.requireConfined(connection);
        statement.requireKeyUntouched(connection);
        var batchedVerify = batched(run, table, parts, work.verify());
        if (batchedVerify != null) batchedVerify.requireReadable(connection);
        else if (work.verify() != null) new Verification(run).requireReadable(connection, work.verify());
        return new CheckedBackfill(table, parts, statement, batchedVerify);
    }

    private static @Nullable BatchedVerify batched(
            Run run, WalkedTable table, TableFamily parts, @Nullable String verify) {
        if (verify == null || !Placeholder.isIn(verify, Work.BATCH)) return null;
        return new BatchedVerify(run, table, new StatementTemplate("verify", table, parts, verify));
    }
}
