package dev.cairn.runner.backfill.batch;

import dev.cairn.plan.Progress.Impact;
import dev.cairn.runner.backfill.statement.BatchStatement.Effect;
import dev.cairn.runner.backfill.table.TableFamily;
import dev.cairn.runner.pace.WalkOrder;
import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Measures the effect of a walk on the database, since this pod started. Thread-safe. */
public final class ImpactMeter {
    private static final long WINDOW_NANOS = 10_000_000_000L;

    /** Batches within this time share one entry, so that fast batches do not fill the memory. */
    private static final long STEP_NANOS = 250_000_000L;

    /** The size of the table's files. Allocated but empty pages count, too. */
    private static final String SIZES = PinnedSql.of("""
        SELECT (SELECT coalesce(sum(pg_catalog.pg_relation_size(part::oid)), 0)::bigint
                  FROM pg_catalog.unnest(CAST(? AS oid[])) part),
               pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::bigint
        """);

    private final TableFamily parts;
    private final Deque<Step> recent = new ArrayDeque<>();
    private long changed;
    private long updated;
    private long hot;
    private @Nullable Sizes first;
    private @Nullable Sizes last;

    public ImpactMeter(TableFamily parts) {
        this.parts = parts;
    }

    /**
     * Records a committed batch.
     *
     * @param keys that it walked
     * @param lockNanos from its statement's start to its commit
     */
    synchronized void committed(long keys, Effect effect, long lockNanos) {
        changed += effect.rows();
        updated += effect.updated();
        hot += effect.hot();
        long now = System.nanoTime();
        var step = recent.peekLast();
        if (step != null && now - step.began < STEP_NANOS) {
            recent.removeLast();
            recent.add(new Step(step.began, Math.max(step.rows, keys), Math.max(step.lockNanos, lockNanos)));
        } else {
            recent.add(new Step(now, keys, lockNanos));
        }
        while (now - recent.element().began > WINDOW_NANOS) recent.remove();
    }

    /** Reads the size of the table and the WAL position. */
    public void measure(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement(SIZES)) {
            query.setObject(1, parts.all(), Types.OTHER);
            try (var rows = query.executeQuery()) {
                rows.next();
                measured(new Sizes(rows.getLong(1), rows.getLong(2), 0));
            }
        }
    }

    private synchronized void measured(Sizes sizes) {
        last = new Sizes(sizes.heap, sizes.wal, changed);
        if (first == null) first = last;
    }

    /** The effect so far, with the present order of rows; null before the first batch. */
    public synchronized @Nullable Impact impact(WalkOrder order) {
        if (recent.isEmpty()) return null;
        return new Impact(
                order.isStriped(),
                recent.stream().mapToLong(Step::rows).max().orElse(0),
                recent.stream().mapToLong(Step::lockNanos).max().orElse(0) / 1_000_000,
                updated == 0 ? null : (int) (100 * hot / updated),
                heapGrowth(first, last),
                walPerRow(first, last));
    }

    private static @Nullable Long heapGrowth(@Nullable Sizes since, @Nullable Sizes now) {
        return since == null || now == null ? null : now.heap - since.heap;
    }

    private static @Nullable Long walPerRow(@Nullable Sizes since, @Nullable Sizes now) {
        if (since == null || now == null || now.changed == since.changed) return null;
        return (now.wal - since.wal) / (now.changed - since.changed);
    }

    private record Step(long began, long rows, long lockNanos) {}

    private record Sizes(long heap, long wal, long changed) {}
}
