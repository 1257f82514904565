package dev.cairn.runner.schema;

import dev.cairn.runner.session.SqlFailures;
import java.io.Serial;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * CALL. A procedure may commit before its end, and its commits stay when it fails later. While the session lives, the
 * transaction number shows whether it committed: a call that fails without a commit is exactly one transaction.
 */
record ProcedureCall() implements Effect {
    /** A procedure failed after it committed a part of its work, or may have committed it. */
    static final class CommittedInPart extends SQLException {
        @Serial
        private static final long serialVersionUID = 1;

        private final SQLException failure;

        private CommittedInPart(SQLException failure) {
            super(failure);
            this.failure = failure;
        }

        /** The server's failure. */
        SQLException failure() {
            return failure;
        }
    }

    @Override
    public boolean letsTrafficPass() {
        return false;
    }

    @Override
    public Left afterInterruption(Session session, @Nullable String note) {
        return Left.UNKNOWN;
    }

    @Override
    public boolean failsWhole() {
        return true;
    }

    /** @throws CommittedInPart if the failure may not have undone all of it */
    @Override
    public void execute(Session session, String sql) throws SQLException {
        var before = TransactionNumber.now(session.connection());
        try {
            session.execute(sql);
        } catch (SQLException e) {
            if (SqlFailures.kind(e) == SqlFailures.Kind.CONNECTION_LOST || wasOneTransaction(session, before, e))
                throw e;
            throw new CommittedInPart(e);
        }
    }

    private static boolean wasOneTransaction(Session session, TransactionNumber before, SQLException failure)
            throws SQLException {
        try {
            return TransactionNumber.now(session.connection()).follows(before, 2);
        } catch (SQLException e) {
            if (SqlFailures.kind(e) == SqlFailures.Kind.CONNECTION_LOST) throw e;
            failure.addSuppressed(e);
            return false;
        }
    }
}
