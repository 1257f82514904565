package dev.cairn.runner.backfill.batch;

import dev.cairn.runner.backfill.key.BatchKeys;
import dev.cairn.runner.backfill.table.Limits;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.pace.WalkOrder.Way;
import dev.cairn.runner.session.ReadOnly;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.session.SqlFailures.Kind;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Runs one batch at a time: its rows and their checkpoint, in one transaction. Each worker has its own executor. */
public final class BatchExecutor {
    private final WalkContext walk;
    private final KeySource stretches;
    private final Stripes stripes;
    private @Nullable StripeWindows windows;
    private boolean atCommit;
    private @Nullable BatchKeys tried;

    public BatchExecutor(WalkContext walk) {
        this.walk = walk;
        this.stretches = new KeySource(walk.run().ledger(), walk.table());
        this.stripes = new Stripes(walk.table());
    }

    /** The next batch: its keys, and the range after it. */
    public record Batch(Way way, BatchKeys slice, RangeRow after) {
        static Batch plain(BatchKeys slice, RangeRow after) {
            return new Batch(Way.PLAIN, slice, after);
        }
    }

    /**
     * Runs the next batch of a range.
     *
     * @param range as in the ledger, not done
     * @return the range after it
     * @throws dev.cairn.runner.ledger.FencedException if another session moved the range; then nothing was changed
     * @throws dev.cairn.runner.end.MigrationFailure if the plan's statement failed permanently
     */
    public RangeRow next(Connection connection, RangeRow range) throws SQLException {
        long began = System.nanoTime();
        long size = walk.pacing().batchSize();
        var limits = walk.limits();
        tried = null;
        var batch = choose(connection, range, size, limits);
        tried = batch.slice;
        try {
            return commit(connection, range, batch, limits, began, c -> {});
        } catch (SQLException e) {
            if (!ReadOnly.isRefusal(e)) return afterFailure(connection, range, batch, limits, e);
        }
        // It is unknown which server that was. This time the same transaction first checks whether it may write.
        try {
            return commit(connection, range, batch, limits, began, ReadOnly::requireWritable);
        } catch (SQLException e) {
            if (ReadOnly.isRefusal(e)) throw ReadOnly.ofStatement(where(), e);
            return afterFailure(connection, range, batch, limits, e);
        }
    }

    private RangeRow afterFailure(Connection connection, RangeRow range, Batch batch, Limits limits, SQLException e)
            throws SQLException {
        if (RowErrorBisector.isOfRows(e))
            return new RowErrorBisector(walk, range, batch, atCommit).commit(connection, limits, e);
        if (SqlFailures.kind(e) != Kind.PERMANENT) throw e;
        throw SqlFailures.failure(where(), e);
    }

    /** The rows of the last batch; the requested number if its keys were not found yet. */
    public long rows() {
        return tried == null ? walk.pacing().batchSize() : tried.size();
    }

    /** The last batch, for a message. */
    public String where() {
        var table = walk.table();
        return tried == null
                ? "the next keys of " + table.name()
                : "sql, in the batch of " + table.name() + " " + table.shown(tried);
    }

    /** @param first runs before the batch, in its transaction */
    private RangeRow commit(
            Connection connection, RangeRow range, Batch batch, Limits limits, long began, Transaction.Effect first)
            throws SQLException {
        long locked = System.nanoTime();
        atCommit = false;
        return Transaction.in(connection, c -> {
            first.on(c);
            var effect = walk.statement().run(c, batch.slice, limits);
            long keys = batch.slice.size();
            var after = batch.after.with(effect.rows(), keys, 0);
            atCommit = true;
            walk.run().ledger().ranges().commit(c, walk.token(), range, after);
            long now = System.nanoTime();
            walk.pacing().committed(keys, now - locked);
            walk.order().learn(batch.way, keys, effect.updated(), effect.hot(), now - began);
            walk.meter().committed(keys, effect, now - locked);
            return after;
        });
    }

    private Batch choose(Connection connection, RangeRow range, long size, Limits limits) throws SQLException {
        var next = nextWindows(connection, range, size, limits);
        if (next == null) return stretches.next(connection, range, size, limits);
        return next.next(
                range,
                walk.pacing().mostRows(),
                (part, most) -> Transaction.in(connection, c -> stripes.cut(c, part, most, limits)));
    }

    /** The present or next windows for a walk in stripes; null for plain order. */
    private @Nullable StripeWindows nextWindows(Connection connection, RangeRow range, long size, Limits limits)
            throws SQLException {
        if (windows != null && windows.areNext(range)) return windows;
        windows = null;
        var rotation = range.rotation();
        if (rotation != null) windows = Transaction.in(connection, c -> stripes.again(c, range, rotation, limits));
        else if (walk.order().next() == Way.STRIPED)
            windows = Transaction.in(connection, c -> stripes.next(c, range, size, workers(), limits))
                    .orElse(null);
        return windows;
    }

    /** Forgets the windows: the ledger is not at their start, so they may lack keys that are open again. */
    public void forgetWindows() {
        windows = null;
    }

    private int workers() {
        return walk.run().settings().get().pace().parallelism();
    }
}
