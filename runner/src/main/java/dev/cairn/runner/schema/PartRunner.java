package dev.cairn.runner.schema;

import dev.cairn.runner.ledger.StepRow;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.session.Transaction;
import dev.cairn.runner.sql.TransactionMode;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Carries out parts. Each part has its own session and takes effect at most once, also after interruptions. */
final class PartRunner implements AutoCloseable {
    private final StepSessions sessions;
    private final LockRetry retry;
    private final PartLines lines;
    private final TransactionPart inTransaction;
    private final AlonePart alone;

    PartRunner(Run run, LockWaitMonitor monitor, UUID token) {
        this.sessions = new StepSessions(run);
        this.retry = new LockRetry(run, monitor, sessions);
        this.lines = new PartLines(run.ledger(), token);
        this.inTransaction = new TransactionPart(lines);
        this.alone = new AlonePart(lines);
    }

    /**
     * @param andThen commits with the part's row in the ledger
     * @throws dev.cairn.runner.end.MigrationFailure as {@link LockRetry#run} throws it
     * @throws SQLException if the connection was lost
     */
    void carryOut(Part part, Transaction.Effect andThen) throws SQLException {
        retry.run(part.name(), part.settings(), session -> {
            // For later parts on the same connection the ledger already has it, and each claim registers it again.
            if (session.isNew()) join(session);
            if (part.nature() instanceof TransactionMode.InTransaction) inTransaction.carryOut(part, session, andThen);
            else alone.carryOut(part, session, andThen);
            if (part.endsWithReset()) session.keep();
        });
    }

    /** Removes the leftovers of a part that was started and then edited out of the plan. */
    void clear(StepRow abandoned) throws SQLException {
        inSession(abandoned.name() + " as it was before", session -> {
            IndexBuild.clear(session, abandoned.note());
            ConcurrentReindex.clear(session, abandoned.note());
            Transaction.run(session.connection(), connection -> lines.forget(session, abandoned.ordinal()));
        });
    }

    /** Runs other work in its own session, with the same retries. */
    void inSession(String name, LockRetry.Effort effort) throws SQLException {
        retry.run(name, List.of(), session -> {
            join(session);
            effort.in(session);
        });
    }

    /** Registers the session before any work: the part's own transaction would show it to others only at its commit. */
    private void join(Session session) throws SQLException {
        Transaction.run(session.connection(), connection -> lines.join(session));
    }

    @Override
    public void close() throws SQLException {
        sessions.close();
    }
}
