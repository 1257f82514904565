package dev.cairn.runner.schema;

import dev.cairn.runner.sql.PinnedSql;
import dev.cairn.runner.sql.TransactionMode;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * DETACH PARTITION … CONCURRENTLY. An interruption between its phases leaves a pending detach, which FINALIZE
 * completes.
 */
record PartitionDetach(TransactionMode.Detach detach) implements Effect {
    private static final String PENDING = PinnedSql.of("""
        SELECT inhdetachpending FROM pg_catalog.pg_inherits
         WHERE inhparent = pg_catalog.to_regclass(?) AND inhrelid = pg_catalog.to_regclass(?)
        """);

    /**
     * The first phase lets traffic pass. If the second phase blocks others, the monitor cancels it. FINALIZE completes
     * the pending detach later.
     */
    @Override
    public boolean letsTrafficPass() {
        return true;
    }

    @Override
    public Left afterInterruption(Session session, @Nullable String note) throws SQLException {
        var pending = pending(session);
        if (pending == null) return Left.DONE;
        if (!pending) return Left.NOT_DONE;
        // FINALIZE first locks the partition exclusively and then waits for older snapshots.
        session.limitLockWaits(false);
        session.execute("ALTER TABLE " + detach.table() + " DETACH PARTITION " + detach.partition() + " FINALIZE");
        return Left.DONE;
    }

    /** Whether a detach is pending; null if it is no partition of the table. */
    private @Nullable Boolean pending(Session session) throws SQLException {
        try (var query = session.connection().prepareStatement(PENDING)) {
            query.setString(1, detach.table());
            query.setString(2, detach.partition());
            try (var rows = query.executeQuery()) {
                return rows.next() ? rows.getBoolean(1) : null;
            }
        }
    }
}
