package dev.cairn.runner.backfill.statement;

import dev.cairn.plan.Reason;
import dev.cairn.runner.backfill.key.BatchKeys;
import dev.cairn.runner.backfill.key.KeyColumn;
import dev.cairn.runner.backfill.table.KeyScan;
import dev.cairn.runner.backfill.table.Limits;
import dev.cairn.runner.backfill.table.QueryPlan;
import dev.cairn.runner.backfill.table.TableFamily;
import dev.cairn.runner.backfill.table.TransactionSettings;
import dev.cairn.runner.backfill.table.WalkedTable;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/** The plan's statement, confined to one batch at a time. */
public final class BatchStatement {
    /** The transaction's changes to the table. The counters continue over a session's transactions for a while. */
    private static final String COUNTERS = PinnedSql.of("""
        SELECT coalesce(sum(pg_catalog.pg_stat_get_xact_tuples_updated(part)), 0)::bigint,
               coalesce(sum(pg_catalog.pg_stat_get_xact_tuples_hot_updated(part)), 0)::bigint,
               coalesce(sum(pg_catalog.pg_stat_get_xact_tuples_deleted(part)), 0)::bigint
          FROM pg_catalog.unnest(CAST(? AS oid[])) part
        """);

    private final WalkedTable table;
    private final TableFamily parts;
    private final StatementTemplate template;
    private volatile boolean updatesOwnRows;
    private volatile boolean hidesChanges;

    /** @throws MigrationFailure with {@link Reason#InvalidSpec} if it is not one statement with a placeholder */
    public BatchStatement(WalkedTable table, TableFamily parts, String sql) {
        this.table = table;
        this.parts = parts;
        this.template = new StatementTemplate("sql", table, parts, sql);
    }

    /**
     * The effect of a batch.
     *
     * @param rows that it changed or returned
     * @param updated rows of the walked table with a new version
     * @param hot those whose new version stayed on its page
     */
    public record Effect(long rows, long updated, long hot) {
        public Effect plus(Effect other) {
            return new Effect(rows + other.rows, updated + other.updated, hot + other.hot);
        }
    }

    /**
     * Runs the statement for the rows of a batch, in the caller's transaction. It applies {@link TransactionSettings}
     * to it.
     *
     * @throws MigrationFailure with {@link Reason#InvalidSpec} if it updated more rows than the batch has
     */
    public Effect run(Connection connection, BatchKeys slice, Limits limits) throws SQLException {
        var sql = TransactionSettings.SQL + ";" + COUNTERS + ";" + confined(slice) + ";" + COUNTERS;
        try (var batch = connection.prepareStatement(sql)) {
            int next = TransactionSettings.bind(batch, limits);
            batch.setObject(next, parts.measured(), Types.OTHER);
            batch.setObject(template.bind(batch, next + 1, slice), parts.measured(), Types.OTHER);
            batch.execute();
            batch.getMoreResults();
            var before = counters(batch);
            long rows = batch.getMoreResults() ? given(batch) : Math.max(0, batch.getLargeUpdateCount());
            batch.getMoreResults();
            var after = counters(batch);
            long updated = after.updated - before.updated;
            // WITH u AS (UPDATE … RETURNING 1) SELECT … may return other rows than it changed.
            if (hidesChanges) rows = updated + after.rows - before.rows;
            requireOwnRows(connection, slice, hidesChanges ? updated : rows);
            return new Effect(rows, updated, after.hot - before.hot);
        } catch (SQLException e) {
            throw SqlFailures.ofStatement(sql, e);
        }
    }

    /** The planner's plan for a batch, with its bounds. The statement does not run. */
    public QueryPlan planned(Connection connection, BatchKeys slice) throws SQLException {
        return QueryPlan.read(String.join("", explain(connection, QueryPlan.PREFIX, slice)));
    }

    /** The same plan as text for people. */
    public String plan(Connection connection, BatchKeys slice) throws SQLException {
        return String.join("\n", explain(connection, "EXPLAIN ", slice));
    }

    private List<String> explain(Connection connection, String prefix, BatchKeys slice) throws SQLException {
        return QueryPlan.guarded(connection, c -> {
            try (var query = c.prepareStatement(prefix + confined(slice))) {
                template.bind(query, 1, slice);
                var lines = new ArrayList<String>();
                try (var rows = query.executeQuery()) {
                    while (rows.next()) lines.add(rows.getString(1));
                }
                return lines;
            } catch (SQLException e) {
                throw SqlFailures.ofStatement(confined(slice), e);
            }
        });
    }

    /** Whether it changes only rows of the walked table, and only by UPDATE. Known after {@link #requireConfined}. */
    public boolean updatesOwnRows() {
        return updatesOwnRows;
    }

    /** The statement for such a batch, as it is sent. */
    public String confined(BatchKeys slice) {
        return template.confined(slice);
    }

    /** The counters as an effect; its rows are the deleted rows. */
    private static Effect counters(PreparedStatement batch) throws SQLException {
        try (ResultSet rows = batch.getResultSet()) {
            rows.next();
            return new Effect(rows.getLong(3), rows.getLong(1), rows.getLong(2));
        }
    }

    private static long given(PreparedStatement batch) throws SQLException {
        long count = 0;
        try (var rows = batch.getResultSet()) {
            while (rows.next()) count++;
        }
        return count;
    }

    /**
     * Checks that an empty batch changes nothing.
     *
     * @throws MigrationFailure with {@link Reason#InvalidSpec} if an empty batch would change something
     * @see StatementTemplate#requireConfined
     */
    public void requireConfined(Connection connection) throws SQLException {
        var empty = template.requireConfined(connection);
        var leak = new BatchScopeCheck(empty).leak();
        updatesOwnRows = empty.updatesOnly(parts.names());
        hidesChanges = empty.hidesChanges();
        if (leak.isEmpty()) return;
        throw invalid("sql: :batch does not confine the statement: even for an empty batch it would process "
                + leak.get()
                + ", and again with every batch. Choose the rows to change from the rows of " + table.name()
                + " where :batch holds, as in MERGE INTO other USING (SELECT … FROM t WHERE :batch) … The usual"
                + " causes are an outer join and MERGE … WHEN NOT MATCHED, which keep the rows of the other side."
                + " Another cause is = ANY (ARRAY(SELECT …)): write IN (SELECT …), which can be checked");
    }

    /**
     * Checks the number of updated rows, since the check of an empty batch is not enough. {@code UPDATE t … FROM b
     * WHERE b.id > 0} with {@code :batch} only in {@code b} changes the whole table in each batch. Rows that were added
     * to the batch in the meantime count as its own.
     */
    private void requireOwnRows(Connection connection, BatchKeys slice, long updated) throws SQLException {
        if (!updatesOwnRows || updated <= slice.size()) return;
        int most = new KeyScan(table).keys(connection, slice).size();
        if (updated > most)
            throw invalid(
                    "sql: a batch of " + most + " rows of " + table.name() + " (" + table.shown(slice) + ") updated "
                            + updated + " rows, so it was rolled back. Write :batch where the statement chooses the"
                            + " rows that it updates, as in UPDATE t … FROM b WHERE t.id = b.id AND :batch"
                            + (hidesChanges
                                    ? ". Rows that triggers update count too, because the statement is a query around its"
                                            + " UPDATE: if the table has triggers, make UPDATE … RETURNING the outermost part"
                                    : ""));
    }

    /**
     * Checks that the key does not change: a row whose key moves ahead of the cursor would be walked again.
     *
     * @throws MigrationFailure with {@link Reason#InvalidSpec} if it assigns a column of the key to the walked table
     */
    public void requireKeyUntouched(Connection connection) throws SQLException {
        for (var assigned : template.statement().assignments()) {
            var column = table.key().columns().stream()
                    .map(KeyColumn::name)
                    .filter(assigned.columns()::contains)
                    .findFirst();
            if (column.isPresent() && table.isNamed(connection, assigned.table()))
                throw invalid("sql: it changes " + column.get() + ", which " + table.name()
                        + " is walked along: a row whose key moves ahead would be walked again. Walk along another unique "
                        + "key (over.key), or change the key in a schema migration");
        }
    }

    private static MigrationFailure invalid(String message) {
        return new MigrationFailure(Reason.InvalidSpec, message);
    }
}
