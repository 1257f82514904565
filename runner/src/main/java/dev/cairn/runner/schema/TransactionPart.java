package dev.cairn.runner.schema;

import dev.cairn.runner.session.ReadOnly;
import dev.cairn.runner.session.Transaction;
import dev.cairn.runner.sql.Statement;
import java.sql.SQLException;

/** Runs a part in one transaction with its row in the ledger: both commit or neither does. */
final class TransactionPart {
    private final PartLines lines;

    TransactionPart(PartLines lines) {
        this.lines = lines;
    }

    void carryOut(Part part, Session session, Transaction.Effect andThen) throws SQLException {
        Transaction.run(session.connection(), connection -> {
            session.limitLockWaits(true);
            var line = lines.claim(session, part);
            // The part is done: a commit succeeded although its answer was lost, or an earlier start failed in verify.
            if (line.isPresent() && line.get().done() && line.get().checksum().equals(part.checksum())) {
                andThen.on(connection);
                return;
            }
            for (var statement : part.statements()) execute(part, session, statement);
            lines.done(session, part, null, andThen);
        });
    }

    private void execute(Part part, Session session, Statement statement) throws SQLException {
        // Set before each statement: the target's limit applies to all lock waits of the step together. The step may
        // change lock_timeout, too; dumps set it to zero.
        session.limitLockWaits(true);
        try {
            session.execute(statement.sent());
        } catch (SQLException e) {
            // The transaction began with a write to the ledger, so the part itself made it read only.
            if (ReadOnly.isRefusal(e)) throw ReadOnly.ofStatement(StatementFailure.where(part, statement, e), e);
            throw StatementFailure.of(part, statement, e);
        }
    }
}
