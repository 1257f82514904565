package dev.cairn.runner.backfill.batch;

import dev.cairn.plan.Reason;
import dev.cairn.runner.backfill.batch.BatchExecutor.Batch;
import dev.cairn.runner.backfill.key.BatchKeys;
import dev.cairn.runner.backfill.key.KeyArrays;
import dev.cairn.runner.backfill.statement.BatchStatement.Effect;
import dev.cairn.runner.backfill.table.KeyScan;
import dev.cairn.runner.backfill.table.Limits;
import dev.cairn.runner.backfill.table.TransactionSettings;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.session.SqlFailures.Kind;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows of a batch that the server refuses to change: it tries halves of the batch with savepoints. The first
 * such row ends the migration, and the message has its key. With onRowError: Skip each such row is recorded and
 * skipped, and the rest of the batch commits.
 */
public final class RowErrorBisector {
    /**
     * Classes of SQLSTATE about a row's content: data, cardinality, constraints, views, errors that PL/pgSQL raises.
     */
    private static final Set<String> OF_ROWS = Set.of("21", "22", "23", "44", "P0");

    private final WalkContext walk;
    private final RangeRow range;
    private final Batch batch;
    private boolean atCommit;
    private boolean cameToCommit;
    private long skipped;
    private long skippedBefore;
    private @Nullable Failed lastSkipped;

    /** @param atCommit whether the commit failed, as with a deferred constraint */
    RowErrorBisector(WalkContext walk, RangeRow range, Batch batch, boolean atCommit) {
        this.walk = walk;
        this.range = range;
        this.batch = batch;
        this.atCommit = atCommit;
    }

    /** Whether a single row may cause the failure. */
    public static boolean isOfRows(SQLException e) {
        var state = e.getSQLState();
        return state != null
                && state.length() == 5
                && SqlFailures.kind(e) == Kind.PERMANENT
                && OF_ROWS.contains(state.substring(0, 2));
    }

    /**
     * Runs the batch again in pieces.
     *
     * @param failed the failure of the whole batch
     * @return the range after it
     * @throws MigrationFailure if a row fails and no row, or no further row, may be skipped
     */
    RangeRow commit(Connection connection, Limits limits, SQLException failed) throws SQLException {
        Log.info("a batch failed, looking for the row: " + SqlFailures.text(failed));
        try {
            return inPieces(connection, limits);
        } catch (SQLException e) {
            // One row failed in the statement, another one at the commit.
            if (atCommit || !cameToCommit || !isOfRows(e)) throw e;
            atCommit = true;
            return inPieces(connection, limits);
        }
    }

    private RangeRow inPieces(Connection connection, Limits limits) throws SQLException {
        long began = System.nanoTime();
        cameToCommit = false;
        skipped = 0;
        return Transaction.in(connection, c -> {
            TransactionSettings.apply(c, limits);
            // A failure of the commit must come here, where the row is known.
            if (atCommit) execute(c, "SET CONSTRAINTS ALL IMMEDIATE");
            skippedBefore = walk.run().ledger().skipped().count(c);
            // Rows of a parent table and of its children may share a key.
            var keys = new KeyScan(walk.table())
                    .keys(c, batch.slice()).stream().distinct().toList();
            var effect = piece(c, keys, limits);
            if (skipped > 0) requireRoomBesideOthers(c);
            var after = batch.after().with(effect.rows(), batch.slice().size(), skipped);
            cameToCommit = true;
            walk.run().ledger().ranges().commit(c, walk.token(), range, after);
            long nanos = System.nanoTime() - began;
            walk.pacing().committed(batch.slice().size(), nanos);
            walk.meter().committed(batch.slice().size(), effect, nanos);
            return after;
        });
    }

    private Effect piece(Connection connection, List<List<String>> keys, Limits limits) throws SQLException {
        walk.run().stop().check();
        if (keys.isEmpty()) return new Effect(0, 0, 0);
        var savepoint = connection.setSavepoint();
        try {
            var effect = walk.statement().run(connection, slice(keys), limits);
            connection.releaseSavepoint(savepoint);
            return effect;
        } catch (SQLException e) {
            if (!isOfRows(e)) throw e;
            connection.rollback(savepoint);
            // A rollback keeps the savepoint. Release it, or savepoints would accumulate.
            connection.releaseSavepoint(savepoint);
            if (keys.size() == 1) return passOver(connection, keys.getFirst(), e);
        }
        int half = keys.size() / 2;
        return piece(connection, keys.subList(0, half), limits)
                .plus(piece(connection, keys.subList(half, keys.size()), limits));
    }

    /**
     * Other workers may have skipped rows in the meantime. The lock on the migration's row lets only one worker check
     * and commit at a time.
     */
    private void requireRoomBesideOthers(Connection connection) throws SQLException {
        walk.run().ledger().migrations().lockMine(connection, walk.token());
        var most = walk.work().skipErrors();
        if (most != null && lastSkipped != null && walk.run().ledger().skipped().count(connection) + skipped > most)
            throw tooMany(most, lastSkipped);
    }

    private MigrationFailure tooMany(long most, Failed last) {
        var failure = new MigrationFailure(
                Reason.SqlError,
                "more than maxSkippedRows (" + most + ") rows failed, the last one the "
                        + walk.table().row(last.key) + ": "
                        + SqlFailures.text(last.error)
                        + "; the log has the others, and the ledger's table skipped those of earlier batches. Correct the rows or the statement, "
                        + "or raise the limit",
                last.error.getSQLState(),
                SqlFailures.hint(last.error),
                SqlFailures.words(last.error),
                last.error);
        return named(last.key, failure);
    }

    /** A row's key, and its failure. */
    private record Failed(List<String> key, SQLException error) {}

    /** The failure with a text for the ledger that has the row's whole key. */
    private MigrationFailure named(List<String> key, MigrationFailure failure) {
        var words = "row " + String.join(", ", key) + " of " + walk.table().name() + ": " + failure.words();
        return new MigrationFailure(
                failure.reason(), failure.text(), failure.sqlState(), failure.hint(), words, failure.getCause());
    }

    private Effect passOver(Connection connection, List<String> key, SQLException e) throws SQLException {
        var most = walk.work().skipErrors();
        var row = walk.table().row(key);
        if (most == null) throw named(key, SqlFailures.failure("sql, in the " + row, e));
        skipped++;
        lastSkipped = new Failed(key, e);
        if (skippedBefore + skipped > most) throw tooMany(most, lastSkipped);
        walk.run().ledger().skipped().add(connection, key, String.valueOf(e.getSQLState()), SqlFailures.words(e));
        Log.info("skipped the " + row + ": " + SqlFailures.text(e));
        return new Effect(0, 0, 0);
    }

    /** The keys as arrays, to select single rows. */
    private BatchKeys slice(List<List<String>> keys) {
        var key = walk.table().key();
        if (!key.hasArrays())
            throw new MigrationFailure(
                    Reason.SqlError,
                    "sql, in the batch of " + walk.table().name() + " "
                            + walk.table().shown(batch.slice())
                            + ": a row fails, and keys of this type cannot be sent one by one to find it");
        var arrays = new KeyArrays(key.columns().size());
        keys.forEach(arrays::add);
        return new BatchKeys.Keys(arrays.literals(), keys.getFirst(), keys.getLast(), keys.size());
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
