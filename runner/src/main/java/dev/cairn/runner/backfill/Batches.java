package dev.cairn.runner.backfill;

import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.ledger.Walks;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.session.SqlFailures.Kind;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One batch: the rows of the next keys and the checkpoint behind them, in one transaction. */
final class Batches {
    private final WalkedTable table;
    private final Bounds bounds;
    private final BatchStatement statement;
    private final Walks walks;
    private final UUID token;

    Batches(WalkedTable table, BatchStatement statement, Walks walks, UUID token) {
        this.table = table;
        this.bounds = new Bounds(table);
        this.statement = statement;
        this.walks = walks;
        this.token = token;
    }

    /**
     * Does the next batch of a range.
     *
     * @param range as the ledger has it, not done
     * @param size keys in the batch, fewer at the end
     * @param lockTimeout the longest wait for one lock
     * @return the range after it
     * @throws dev.cairn.runner.ledger.FencedException if the range was moved elsewhere; nothing was changed
     * @throws dev.cairn.runner.end.MigrationFailure if the plan's statement failed and would again
     */
    RangeRow next(Connection connection, RangeRow range, long size, Duration lockTimeout) throws SQLException {
        return Transaction.in(connection, c -> {
            var to = end(range);
            var after = range.cursor() != null ? range.cursor() : range.from();
            var nth = bounds.nth(c, lockTimeout, after, to, size);
            var upTo = nth.orElse(to);
            long walked = nth.isPresent() ? size : bounds.count(c, after, to);
            long rows = change(c, after, upTo);
            boolean done = upTo.equals(to);
            walks.advance(c, token, range, upTo, rows, walked, done);
            return range.after(upTo, rows, walked, done, System.currentTimeMillis());
        });
    }

    private long change(Connection connection, @Nullable List<String> after, List<String> upTo) throws SQLException {
        try {
            return statement.run(connection, after, upTo);
        } catch (SQLException e) {
            if (SqlFailures.kind(e) != Kind.PERMANENT) throw e;
            throw SqlFailures.failure(
                    "sql, in the batch of " + table.name() + " after "
                            + (after == null ? "the start" : Key.shown(after)) + " up to " + Key.shown(upTo),
                    e);
        }
    }

    private static List<String> end(RangeRow range) {
        var to = range.to();
        if (to == null) throw new IllegalStateException("an open range has an end");
        return to;
    }
}
