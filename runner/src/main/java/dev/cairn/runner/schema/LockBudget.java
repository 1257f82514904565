package dev.cairn.runner.schema;

import dev.cairn.runner.session.SqlFailures;
import java.io.Serial;
import java.sql.SQLException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long a session's transaction may wait while others wait for it. {@code lock_timeout} counts anew for each lock, so a
 * transaction that waits for ten tables in turn would keep the first for ten times as long. Here all waits count together,
 * from the first lock that reads or writes of others queue behind. Work does not count: a rewrite takes what it takes.
 * Thread-safe.
 */
final class LockBudget {
    /** What a wait counts for that is seen once: as long as it takes to look again. */
    static final long LOOK_MILLIS = 50;

    /** As the server has it for lock_timeout. */
    private static final String TIMEOUT = "55P03";

    private final LongSupplier limitMillis;
    private String transaction = "";
    private long lastLookMillis;
    private long usedMillis;
    private boolean usedUp;
    private boolean ended;
    private @Nullable String held;

    /** A transaction that waited for a lock while it had another one that others waited for. */
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

    /** @param limitMillis {@code locks.timeout}, as it is now */
    LockBudget(LongSupplier limitMillis) {
        this.limitMillis = limitMillis;
    }

    /**
     * Counts the time since the last look if the session waits and others wait for it.
     *
     * @return whether its statement has to be cancelled now
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
     * Nothing more is cancelled for it.
     *
     * @return whether something was: the cancellation may arrive late, and meet whatever the session does next
     */
    synchronized boolean end() {
        ended = true;
        return usedUp;
    }

    /** The {@code lock_timeout} of the next statement, at least 1. */
    synchronized long leftMillis() {
        return Math.max(1, limitMillis.getAsLong() - usedMillis);
    }

    /** The cancelled statement's failure as what it is, a lock that was not to be had in time; any other as it is. */
    synchronized SQLException named(SQLException e) {
        if (!usedUp || SqlFailures.kind(e) != SqlFailures.Kind.CANCELLED) return e;
        if (held != null) return new KeptOthersWaiting(held, usedMillis, limitMillis.getAsLong(), e);
        var timeout = new SQLException("no lock within locks.timeout (" + limitMillis.getAsLong() + " ms)", TIMEOUT);
        timeout.addSuppressed(e);
        return timeout;
    }
}
