package dev.cairn.runner.backfill;

import dev.cairn.runner.backfill.batch.KeySource;
import dev.cairn.runner.backfill.key.BatchKeys;
import dev.cairn.runner.backfill.statement.StatementTemplate;
import dev.cairn.runner.backfill.table.KeyScan;
import dev.cairn.runner.backfill.table.Limits;
import dev.cairn.runner.backfill.table.TransactionSettings;
import dev.cairn.runner.backfill.table.WalkedTable;
import dev.cairn.runner.hold.Holds;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.pace.BatchSize;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.run.Verification;
import dev.cairn.runner.run.Verification.Answer;
import dev.cairn.runner.session.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;

/**
 * Runs the verify query batch by batch over the walked rows. It records nothing. So after a crash the next start begins
 * with the first batch.
 */
final class BatchedVerify {
    private final Run run;
    private final WalkedTable table;
    private final StatementTemplate template;
    private final KeySource stretches;
    private final Verification verification;

    BatchedVerify(Run run, WalkedTable table, StatementTemplate template) {
        this.run = run;
        this.table = table;
        this.template = template;
        this.stretches = new KeySource(run.ledger(), table);
        this.verification = new Verification(run);
    }

    /**
     * Checks, before the work, that the server can read the query. It does not run the query.
     *
     * @throws dev.cairn.runner.end.MigrationFailure if the server cannot read it, it does not return one boolean, or
     *     each batch would read the whole table
     */
    void requireReadable(Connection connection) throws SQLException {
        template.requireConfined(connection);
        var any = anySlice();
        verification.requireBoolean(connection, template.confined(any), template.parameters(any));
    }

    /** Batch keys of the right form, with any values. */
    private BatchKeys anySlice() {
        var key = Collections.nCopies(table.key().columns().size(), "");
        return table.over().query() == null ? new BatchKeys.Stretch(key, key, 0) : new BatchKeys.Keys(key, key, key, 0);
    }

    /**
     * Runs it until it returns something other than true, or until all walked rows are checked.
     *
     * @param ranges of the finished walk
     * @param holds what makes it wait
     */
    Answer ask(Connection connection, List<RangeRow> ranges, Holds holds) throws SQLException {
        Log.info("verifying batch by batch");
        run.progress().verifying(0);
        var size = new BatchSize(run.settings().get().pace());
        long seen = 0;
        for (var range : ranges) {
            var at = RangeRow.open(range.ordinal(), range.from(), range.to());
            while (!at.done()) {
                run.stop().check();
                holds.await(() -> true);
                var step = next(connection, at, size);
                if (!step.answer.isTrue()) return step.answer;
                at = step.after;
                seen += step.keys;
                run.progress().verifying(seen);
            }
        }
        return new Answer("true", "");
    }

    private record Step(RangeRow after, long keys, Answer answer) {}

    private Step next(Connection connection, RangeRow range, BatchSize size) throws SQLException {
        var pace = run.settings().get().pace();
        long began = System.nanoTime();
        var step = verification.reading(connection, c -> step(c, range, size.next(pace)));
        size.learn(pace, step.keys, System.nanoTime() - began);
        return step;
    }

    private Step step(Connection connection, RangeRow range, long size) throws SQLException {
        var limits = new Limits(Verification.LIMIT);
        TransactionSettings.apply(connection, limits);
        var batch = stretches.next(connection, range, size, limits);
        var slice = batch.slice();
        KeyScan.readInAnyOrder(connection);
        // Rows at the range's end may be deleted by now: an aggregate over no rows would return null.
        if (slice.size() == 0) return new Step(batch.after(), 0, new Answer("true", ""));
        try (var query = connection.prepareStatement(template.confined(slice))) {
            template.bind(query, 1, slice);
            var answer = new Answer(Verification.text(query), " for " + table.name() + " (" + table.shown(slice) + ")");
            return new Step(batch.after(), slice.size(), answer);
        } catch (SQLException e) {
            throw SqlFailures.ofStatement(template.confined(slice), e);
        }
    }
}
