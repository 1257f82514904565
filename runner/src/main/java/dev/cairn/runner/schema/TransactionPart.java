package dev.cairn.runner.schema;

import dev.cairn.plan.Settings;
import dev.cairn.runner.session.Transaction;
import dev.cairn.runner.sql.Statement;
import java.sql.SQLException;
import java.util.function.Supplier;

/** A part in one transaction with its line in the ledger: both commit or neither does. */
final class TransactionPart {
    private final PartLines lines;
    private final Supplier<Settings> settings;

    TransactionPart(PartLines lines, Supplier<Settings> settings) {
        this.lines = lines;
        this.settings = settings;
    }

    void carryOut(Part part, Session session, Transaction.Effect andThen) throws SQLException {
        Transaction.run(session.connection(), connection -> {
            limitLocks(session);
            var line = lines.claim(session, part);
            // A commit whose answer was lost did commit.
            if (line.isPresent() && line.get().done() && line.get().checksum().equals(part.checksum())) return;
            for (var statement : part.statements()) execute(part, session, statement);
            lines.done(session, part, null, andThen);
        });
    }

    private void execute(Part part, Session session, Statement statement) throws SQLException {
        // Every time: a step may set it too (dumps set it to zero), and the target's policy is what counts.
        limitLocks(session);
        try {
            session.execute(statement.sent());
        } catch (SQLException e) {
            throw StatementFailure.of(part, statement, e);
        }
    }

    private void limitLocks(Session session) throws SQLException {
        session.lockTimeout(settings.get().locks().timeoutMillis(), true);
    }
}
