package dev.cairn.runner.backfill.dryrun;

import dev.cairn.plan.Work;
import dev.cairn.runner.backfill.batch.RowErrorBisector;
import dev.cairn.runner.backfill.key.BatchKeys;
import dev.cairn.runner.backfill.statement.BatchStatement;
import dev.cairn.runner.backfill.table.Limits;
import dev.cairn.runner.backfill.table.TransactionSettings;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.pace.BatchSize;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.session.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Runs a few batches in turn and rolls each of them back. */
final class TrialBatches {
    /** The limit is low, since each batch leaves dead rows, also after a rollback. */
    private static final int MOST_BATCHES = 20;

    private static final Duration MOST_TIME = Duration.ofSeconds(10);

    /** A batch that takes longer is cancelled, since it holds row locks. */
    private static final Duration LONGEST_BATCH = Duration.ofSeconds(5);

    private final Run run;
    private final Work.Backfill work;
    private final BatchStatement statement;
    private final List<String> warnings;
    private long rows;
    private long changed;
    private long nanos;

    /** @param warnings the list for new warnings */
    TrialBatches(Run run, Work.Backfill work, BatchStatement statement, List<String> warnings) {
        this.run = run;
        this.work = work;
        this.statement = statement;
        this.warnings = warnings;
    }

    /** @throws MigrationFailure if the server refuses a batch permanently */
    void run(Connection connection, SampleBatches samples) throws SQLException {
        var pace = run.settings().get().pace();
        var size = new BatchSize(pace);
        var lock = TransactionSettings.lockTimeout(
                Duration.ofMillis(pace.batchMillis()), TransactionSettings.longestWait(connection));
        var limits = new Limits(lock, LONGEST_BATCH);
        int missed = 0;
        for (int n = 0; n < MOST_BATCHES && nanos < MOST_TIME.toNanos(); n++) {
            run.stop().check();
            var slice = samples.next(connection, size.next(pace));
            if (slice.isEmpty()) break;
            long before = nanos;
            if (isDone(connection, limits, slice.get()))
                size.learn(pace, slice.get().size(), nanos - before);
            else if (++missed > 2) break;
        }
    }

    /** Whether any batch was measured. */
    boolean hasMeasured() {
        return rows > 0;
    }

    CostEstimate speed() {
        return new CostEstimate((double) nanos / rows, true);
    }

    /** How many of the walked rows the statement would change. */
    long changesOf(long walked) {
        return Math.round((double) changed / rows * walked);
    }

    private boolean isDone(Connection connection, Limits limits, BatchKeys slice) throws SQLException {
        connection.setAutoCommit(false);
        try {
            long began = System.nanoTime();
            var effect = statement.run(connection, slice, limits);
            try (var constraints = connection.createStatement()) {
                // Makes a failure at the commit happen here.
                constraints.setQueryTimeout((int) LONGEST_BATCH.toSeconds());
                constraints.execute("SET CONSTRAINTS ALL IMMEDIATE");
            }
            nanos += System.nanoTime() - began;
            rows += slice.size();
            changed += effect.rows();
            Log.info("tried " + slice.size() + " rows, changed " + effect.rows() + ", rolled back");
            return true;
        } catch (SQLException e) {
            run.stop().check();
            warnings.add(told(e, slice));
            return false;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private String shown(BatchKeys slice) {
        return run.showsKeys() ? slice.toString() : "of " + slice.size() + " keys";
    }

    /** @throws SQLException if the connection is lost */
    private String told(SQLException e, BatchKeys slice) throws SQLException {
        return switch (SqlFailures.kind(e)) {
            case REPEAT ->
                "a batch of " + slice.size() + " rows did not get its locks (" + SqlFailures.text(e)
                        + "): others are at work on these rows";
            case CANCELLED ->
                "a batch of " + slice.size() + " rows was cancelled after " + LONGEST_BATCH.toSeconds()
                        + " s: look at the query plan, or make pace.batchSize smaller";
            case PERMANENT -> {
                var failure = SqlFailures.failure("sql, in the batch " + shown(slice) + " (rolled back)", e);
                if (work.skipErrors() == null || !RowErrorBisector.isOfRows(e)) throw failure;
                yield "the server refuses a row " + shown(slice) + ": " + SqlFailures.text(e)
                        + "; with onRowError: Skip it would be skipped";
            }
            case CONNECTION_LOST, SERVER_FAULT, ACCESS_DENIED -> throw e;
        };
    }
}
