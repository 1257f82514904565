package dev.cairn.runner.schema;

import dev.cairn.runner.session.ReadOnly;
import dev.cairn.runner.session.Transaction;
import dev.cairn.runner.sql.Statement;
import java.sql.SQLException;

/** A part in one transaction with its line in the ledger: both commit or neither does. */
final class TransactionPart {
    private final PartLines lines;

    TransactionPart(PartLines lines) {
        this.lines = lines;
    }

    void carryOut(Part part, Session session, Transaction.Effect andThen) throws SQLException {
        Transaction.run(session.connection(), connection -> {
            session.limitLockWaits(true);
            var line = lines.claim(session, part);
            // A commit whose answer was lost did commit; the part may also be of a start that failed in its verify.
            if (line.isPresent() && line.get().done() && line.get().checksum().equals(part.checksum())) {
                andThen.on(connection);
                return;
            }
            for (var statement : part.statements()) execute(part, session, statement);
            lines.done(session, part, null, andThen);
        });
    }

    private void execute(Part part, Session session, Statement statement) throws SQLException {
        // Every time: the step waits for all its locks together as long as the target allows; and it may set it too
        // (dumps set it to zero).
        session.limitLockWaits(true);
        try {
            session.execute(statement.sent());
        } catch (SQLException e) {
            // The transaction began by writing into the ledger: the part itself has made it read only.
            if (ReadOnly.isRefusal(e)) throw ReadOnly.ofStatement(StatementFailure.where(part, statement, e), e);
            throw StatementFailure.of(part, statement, e);
        }
    }
}
