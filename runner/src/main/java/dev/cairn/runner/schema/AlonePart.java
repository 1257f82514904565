package dev.cairn.runner.schema;

import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.StepRow;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.session.Transaction;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs a statement outside any transaction. It is recorded as started before and as done after. After an interruption
 * the catalogue decides whether it took effect.
 */
final class AlonePart {
    private static final String DUPLICATE_TABLE = "42P07";

    private final PartLines lines;

    AlonePart(PartLines lines) {
        this.lines = lines;
    }

    void carryOut(Part part, Session session, Transaction.Effect andThen) throws SQLException {
        var effect = Effect.of(part);
        session.limitLockWaits(false);
        var line = Transaction.in(session.connection(), connection -> lines.claim(session, part))
                .filter(row -> row.checksum().equals(part.checksum()));
        if (line.isPresent() && line.get().done()) return;
        if (effect.letsTrafficPass()) session.lockTimeout(0, false);
        var note = line.isPresent() ? line.get().note() : effect.prepare(session);
        if (!isDone(part, session, effect, line)) {
            Transaction.run(session.connection(), connection -> {
                lines.claim(session, part);
                lines.started(session, part, note);
            });
            execute(part, session, effect, note);
            effect.confirm(session);
        }
        done(part, session, note, andThen);
    }

    private boolean isDone(Part part, Session session, Effect effect, Optional<StepRow> line) throws SQLException {
        if (line.isEmpty()) return false;
        return switch (effect.afterInterruption(session, line.get().note())) {
            case DONE -> true;
            case NOT_DONE -> false;
            case UNKNOWN -> {
                forget(part, session);
                throw new MigrationFailure(Reason.OutcomeUnknown, unknown(part));
            }
        };
    }

    private void execute(Part part, Session session, Effect effect, @Nullable String note) throws SQLException {
        var statement = part.statements().getFirst();
        try {
            effect.execute(session, statement.sent());
        } catch (ProcedureCall.CommittedInPart e) {
            forget(part, session);
            throw committedInPart(StatementFailure.located(part, statement, e.failure()));
        } catch (SQLException e) {
            boolean isTold = SqlFailures.kind(e) != SqlFailures.Kind.CONNECTION_LOST;
            if (isTold && effect.failsWhole()) forget(part, session);
            throw cleared(StatementFailure.of(part, statement, e), session, effect, note);
        }
    }

    /** Drops leftovers at once: a retry may come late, and a leftover slows down every write until then. */
    private static MigrationFailure cleared(
            MigrationFailure failure, Session session, Effect effect, @Nullable String note) {
        // Another session took the name in the meantime. The index of that name is not ours; it is INVALID while it is
        // built.
        if (DUPLICATE_TABLE.equals(failure.sqlState())) return failure;
        try {
            var said = effect.afterFailure(session, note);
            return said == null ? failure : more(failure, failure.reason(), "; " + said);
        } catch (SQLException e) {
            // The next start drops the leftover. The first failure is the one that matters.
            Log.info("what the failed statement left is still there: " + SqlFailures.text(e));
            failure.addSuppressed(e);
            return failure;
        }
    }

    private static MigrationFailure committedInPart(MigrationFailure failure) {
        return more(
                failure,
                Reason.OutcomeUnknown,
                "; the procedure has committed part of its work before that, or may have. See how far it came. The"
                        + " annotation cairn.dev/retry calls it again from its beginning. If nothing is left to do,"
                        + " replace the statement by SELECT 1");
    }

    private static MigrationFailure more(MigrationFailure failure, Reason reason, String said) {
        return new MigrationFailure(
                reason, failure.text() + said, failure.sqlState(), failure.hint(), failure.words(), failure);
    }

    private void forget(Part part, Session session) throws SQLException {
        Transaction.run(session.connection(), connection -> lines.forget(session, part.ordinal()));
    }

    private void done(Part part, Session session, @Nullable String note, Transaction.Effect andThen)
            throws SQLException {
        // Waits without a limit: only a lost session of this migration can lock the row, and the effect is there.
        session.lockTimeout(0, false);
        Transaction.run(session.connection(), connection -> {
            lines.claim(session, part);
            lines.done(session, part, note, andThen);
        });
    }

    private static String unknown(Part part) {
        var statement = part.statements().getFirst();
        return part.name() + ", " + statement.place() + ": this statement runs outside a transaction and was "
                + "interrupted. It is unknown whether it took effect: check it. If it did, replace it in the step "
                + "by SELECT 1. If it did not, run it again: set the annotation cairn.dev/retry to a new value";
    }
}
