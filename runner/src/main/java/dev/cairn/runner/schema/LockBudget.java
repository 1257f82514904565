package dev.cairn.runner.schema;

import dev.cairn.runner.session.SqlFailures;
import java.io.Serial;
import java.sql.SQLException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long a session's transaction may wait while others wait for it. {@code lock_timeout} starts again for each lock.
 * So a transaction that waits for ten tables in turn could hold the first lock for ten times as long. Here all waits
 * count together, from the first lock that blocks reads or writes of others. Work does not count: a rewrite may take
 * any time. Thread-safe.
 */
final class LockBudget {
    /** The time that counts for a wait that is seen once: the time until the next look. */
    static final long LOOK_MILLIS = 50;

    /** The server's SQLSTATE for lock_timeout. */
    private static final String TIMEOUT = "55P03";

    private final LongSupplier limitMillis;
    private String transaction = "";
    private long lastLookMillis;
    private long usedMillis;
    private boolean usedUp;
    private boolean ended;
    private @Nullable String held;

    /** The transaction waited for a lock while it held another lock that others waited for. */
    static final class KeptOthersWaiting extends SQLException {
        @Serial
        private static final long serialVersionUID = 1;

        private KeptOthersWaiting(String table, long millis, long limitMillis, SQLException cancelled) {
            super(
                    "it held a lock on " + table + " for the " + millis + " ms that it waited for other locks, and"
                            + " locks.timeout allows " + limitMillis + " ms for all waits of a transaction together",
                    TIMEOUT,
                    cancelled);
        }
    }

    /** @param limitMillis the present {@code locks.timeout} */
    LockBudget(LongSupplier limitMillis) {
        this.limitMillis = limitMillis;
    }

    /**
     * Counts the time since the last look if the session waits and others wait for it.
     *
     * @return whether its statement must be cancelled now
     */
    synchronized boolean spend(LockLook look) {
        long sinceLastLook = look.transaction().equals(transaction) ? look.atMillis() - lastLookMillis : Long.MAX_VALUE;
        if (!look.transaction().equals(transaction)) usedMillis = 0;
        transaction = look.transaction();
        lastLookMillis = look.atMillis();
        if (!look.waits() || !look.blocks()) return false;
        if (ended) return false;
        usedMillis += Math.min(sinceLastLook, Math.max(look.waitedMillis(), LOOK_MILLIS));
        if (usedMillis < limitMillis.getAsLong()) return false;
        usedUp = true;
        held = look.held();
        return true;
    }

    /**
     * Ends the budget: no further statement is cancelled for it.
     *
     * @return whether a statement was cancelled: the cancel may arrive late, and hit the session's next statement
     */
    synchronized boolean end() {
        ended = true;
        return usedUp;
    }

    /** The {@code lock_timeout} of the next statement, at least 1. */
    synchronized long leftMillis() {
        return Math.max(1, limitMillis.getAsLong() - usedMillis);
    }

    /**
     * For the failure of a cancelled statement, the failure of a lock that was not available in time; else the failure
     * itself.
     */
    synchronized SQLException named(SQLException e) {
        if (!usedUp || SqlFailures.kind(e) != SqlFailures.Kind.CANCELLED) return e;
        if (held != null) return new KeptOthersWaiting(held, usedMillis, limitMillis.getAsLong(), e);
        var timeout = new SQLException("no lock within locks.timeout (" + limitMillis.getAsLong() + " ms)", TIMEOUT);
        timeout.addSuppressed(e);
        return timeout;
    }
}
