package dev.cairn.runner.backfill.batch;

import dev.cairn.runner.backfill.batch.BatchExecutor.Batch;
import dev.cairn.runner.backfill.table.KeyScan;
import dev.cairn.runner.backfill.table.Limits;
import dev.cairn.runner.backfill.table.WalkedTable;
import dev.cairn.runner.ledger.Ledger;
import dev.cairn.runner.ledger.RangeRow;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Finds the next keys of a range in the key's order: a part of the table, or some of the listed keys. */
public final class KeySource {
    private final KeyScan bounds;
    private final @Nullable KeyList list;

    public KeySource(Ledger ledger, WalkedTable table) {
        this.bounds = new KeyScan(table);
        this.list = table.over().query() == null ? null : new KeyList(ledger, table);
    }

    /**
     * The next keys of a range.
     *
     * @param range not done
     * @param size how many
     */
    public Batch next(Connection connection, RangeRow range, long size, Limits limits) throws SQLException {
        if (list != null) return list.next(connection, range, size);
        var slice = bounds.next(connection, limits, range.after(), range.end(), size);
        return Batch.plain(slice, range.walkedTo(slice.upTo()));
    }
}
