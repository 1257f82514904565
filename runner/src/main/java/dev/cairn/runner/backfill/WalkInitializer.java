package dev.cairn.runner.backfill;

import dev.cairn.plan.Json;
import dev.cairn.plan.Reason;
import dev.cairn.runner.backfill.batch.KeyList;
import dev.cairn.runner.backfill.key.Key;
import dev.cairn.runner.backfill.table.InFlightWriters;
import dev.cairn.runner.backfill.table.KeyScan;
import dev.cairn.runner.backfill.table.Limits;
import dev.cairn.runner.backfill.table.Quantiles;
import dev.cairn.runner.backfill.table.QueryPlan;
import dev.cairn.runner.backfill.table.TableFamily;
import dev.cairn.runner.backfill.table.TransactionSettings;
import dev.cairn.runner.backfill.table.WalkedTable;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.EarlierWalks;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.ledger.WalkRow;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Freezes a walk at its first start, and makes sure that a later start finds the same table and key. */
final class WalkInitializer {
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

    /** More than one, so that workers that finish early get another range. */
    private static final int RANGES_PER_WORKER = 4;

    /** The fewest rows of a range. */
    private static final long FEWEST_ROWS = 5000;

    private final Run run;
    private final String sql;
    private final WalkedTable table;
    private final TableFamily parts;
    private final UUID token;

    /** @param sql of the plan */
    WalkInitializer(Run run, String sql, WalkedTable table, TableFamily parts, UUID token) {
        this.run = run;
        this.sql = sql;
        this.table = table;
        this.parts = parts;
        this.token = token;
    }

    /** The ranges from the ledger. The first start that gets here creates them. */
    List<RangeRow> ranges(Connection connection) throws SQLException {
        var frozen = run.ledger().walks().read(connection);
        if (frozen.isPresent()) requireSame(connection, frozen.get());
        else freeze(connection, EarlierWalks.NONE);
        return run.ledger().ranges().all(connection);
    }

    /**
     * The ranges of another walk, which replace those of the finished one.
     *
     * @param earlier with the finished walk included
     */
    List<RangeRow> again(Connection connection, EarlierWalks earlier) throws SQLException {
        freeze(connection, earlier);
        return run.ledger().ranges().all(connection);
    }

    /** All in one transaction. So after a crash the ledger has the walk before at its end, or this one at its start. */
    private void freeze(Connection connection, EarlierWalks earlier) throws SQLException {
        new InFlightWriters(run, table, parts).awaitEnd(connection);
        var query = table.over().query();
        var frozen = Transaction.in(connection, c -> {
            TransactionSettings.apply(c, new Limits(LOCK_TIMEOUT));
            run.ledger().migrations().lockMine(c, token);
            var walk = query == null ? ofTable(c) : ofList(c, query);
            if (earlier.count() == 0) run.ledger().walks().begin(c, token, table.frozen(), walk.ranges);
            else run.ledger().walks().again(c, token, earlier, walk.ranges);
            run.ledger().walks().goOnWith(c, sql);
            run.ledger().migrations().estimate(c, token, walk.estimate);
            run.ledger().event(c, "WalkBegun", number(earlier) + walk.extent + ", ranges: " + walk.ranges.size());
            return walk;
        });
        Log.info(number(earlier) + "walk over " + table.name() + " along "
                + Json.write(table.frozen().columns()) + ", about " + frozen.estimate + " rows");
    }

    private static String number(EarlierWalks earlier) {
        return earlier.count() == 0 ? "" : "walk " + (earlier.count() + 1) + ": ";
    }

    private Frozen ofTable(Connection connection) throws SQLException {
        var end = new KeyScan(table).highest(connection);
        if (end.isEmpty())
            return new Frozen(List.of(RangeRow.open(0, null, null)), 0, table.name() + " up to nothing: it is empty");
        long estimate =
                QueryPlan.within(connection, "SELECT FROM " + table.name()).estimatedRows();
        return new Frozen(
                cut(connection, end.get(), estimate), estimate, table.name() + " up to " + Key.shown(end.get()));
    }

    private Frozen ofList(Connection connection, String query) throws SQLException {
        long keys = new KeyList(run.ledger(), table).freeze(connection, query);
        return new Frozen(KeyList.cut(keys, parts(keys)), keys, keys + " keys of " + table.name());
    }

    private int parts(long rows) {
        int wanted = run.settings().get().pace().parallelism() * RANGES_PER_WORKER;
        return Math.clamp(rows / FEWEST_ROWS, 1, wanted);
    }

    private record Frozen(List<RangeRow> ranges, long estimate, String extent) {}

    /** Cuts the table into even ranges, about four for each worker. */
    private List<RangeRow> cut(Connection connection, List<String> end, long estimate) throws SQLException {
        var cuts = new Quantiles(table, parts).cuts(connection, end, parts(estimate));
        var ranges = new ArrayList<RangeRow>();
        @Nullable List<String> from = null;
        for (var to : cuts) {
            ranges.add(RangeRow.open(ranges.size(), from, to));
            from = to;
        }
        ranges.add(RangeRow.open(ranges.size(), from, end));
        return ranges;
    }

    private void requireSame(Connection connection, WalkRow frozen) throws SQLException {
        var now = table.frozen();
        if (frozen.equals(now)) {
            if (run.ledger().walks().isOnSameTable(connection)) return;
            throw new MigrationFailure(
                    Reason.InvalidSpec,
                    "the walk over " + frozen.relation()
                            + " cannot continue: another table has this name now, and the "
                            + "checkpoints belong to the former one. Restore the former table, or add a new migration");
        }
        throw new MigrationFailure(
                Reason.InvalidSpec,
                "the walk over " + frozen.relation() + " cannot continue: it began along " + described(frozen)
                        + ", now it is " + now.relation() + " along " + described(now)
                        + "; restore the table and key, or add a new migration");
    }

    private static String described(WalkRow walk) {
        var text = new StringBuilder();
        for (int n = 0; n < walk.columns().size(); n++)
            text.append(n == 0 ? "" : ", ")
                    .append(walk.columns().get(n))
                    .append(' ')
                    .append(walk.types().get(n))
                    .append(
                            walk.collations().get(n).isEmpty()
                                    ? ""
                                    : " collate " + walk.collations().get(n))
                    .append(
                            walk.collationVersions().get(n).isEmpty()
                                    ? ""
                                    : " (version " + walk.collationVersions().get(n) + ")");
        return text.toString();
    }
}
