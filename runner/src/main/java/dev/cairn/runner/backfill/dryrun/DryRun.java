package dev.cairn.runner.backfill.dryrun;

import dev.cairn.plan.Forecast;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.backfill.CheckedBackfill;
import dev.cairn.runner.backfill.batch.KeyList;
import dev.cairn.runner.backfill.key.BatchKeys;
import dev.cairn.runner.backfill.key.UniqueIndex;
import dev.cairn.runner.backfill.table.KeyScan;
import dev.cairn.runner.backfill.table.TableStatistics;
import dev.cairn.runner.backfill.table.WalkedTable;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.hold.Holds;
import dev.cairn.runner.ledger.MigrationRow.State;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Result;
import dev.cairn.runner.run.Run;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Estimates a backfill from the catalogue, the statistics and the server's plan of one batch. It locks no row and
 * writes nothing, not even a ledger. Its transactions are read only. With {@code execute} it also runs a few batches,
 * which are rolled back.
 */
public final class DryRun {
    private final Run run;
    private final Work.Backfill work;
    private final boolean execute;

    /** @param execute whether to try a few batches */
    public DryRun(Run run, Work.Backfill work, boolean execute) {
        this.run = run;
        this.work = work;
        this.execute = execute;
    }

    /** @throws MigrationFailure if the backfill could not run as it is written */
    public Result run() throws SQLException {
        try (var connection = run.visit();
                var _ = run.cancelledAfterStop(connection)) {
            connection.setReadOnly(true);
            run.progress().activity(Activity.Running);
            var forecast = forecast(connection);
            forecast.warnings().forEach(warning -> Log.info("warning: " + warning));
            Log.info("the server's plan of one batch:\n" + forecast.queryPlan());
            run.progress().activity(Activity.Done);
            return new Result(
                    Reason.DryRunComplete,
                    String.format(
                            Locale.ROOT,
                            "would walk about %,d rows along %s in about %,d batches, in about %s (%s); nothing was changed",
                            forecast.rows(),
                            forecast.key(),
                            forecast.batches(),
                            time(Duration.ofSeconds(forecast.seconds())),
                            basis(forecast)),
                    forecast);
        }
    }

    private String basis(Forecast forecast) {
        if (forecast.measured()) return "measured on batches that were rolled back";
        return execute ? "by statistics, no batch was measured" : "by statistics; dryRun.execute: true measures it";
    }

    private Forecast forecast(Connection connection) throws SQLException {
        var prepared = CheckedBackfill.of(run, work, connection);
        var table = prepared.table();
        var pace = run.settings().get().pace();
        var candidates = UniqueIndex.of(connection, table.oid());
        var key = keyIndex(candidates, table);
        var samples = samples(connection, prepared);
        var first =
                samples.isEmpty() ? Optional.<BatchKeys>empty() : samples.get().next(connection, pace.initialBatch());
        if (samples.isEmpty() || first.isEmpty())
            return new Forecast(
                    0,
                    0L,
                    0,
                    0,
                    0,
                    false,
                    key.toString(),
                    List.of("there is nothing to walk: no row, or no key in the list"),
                    "");

        long rows = Math.max(samples.get().rows(connection), first.get().size());
        var batch = prepared.statement().planned(connection, first.get());
        var facts = TableStatistics.of(connection, table, prepared.parts());
        var warnings = new ArrayList<>(held());
        boolean isHeld = !warnings.isEmpty();
        remembered(connection).ifPresent(warnings::add);
        warnings.addAll(new DryRunWarnings(table, facts, candidates)
                .of(prepared.parts(), rows, batch, first.get().size()));
        var speed = CostEstimate.expected(batch, first.get().size(), facts.secondaryIndexes());
        var changes = batch.estimatedChanges();
        Long changed = changes.isEmpty()
                ? null
                : Long.valueOf(share(changes.getAsLong(), first.get().size(), rows));
        if (execute && !isHeld && mayTry(speed, first.get(), warnings)) {
            var trial = new TrialBatches(run, work, prepared.statement(), warnings);
            var batches = samples(connection, prepared).orElseThrow();
            connection.setReadOnly(false);
            trial.run(connection, batches);
            connection.setReadOnly(true);
            if (trial.hasMeasured()) {
                speed = trial.speed();
                changed = trial.changesOf(rows);
            }
        }
        long batchRows = speed.batchRows(pace);
        return new Forecast(
                rows,
                changed,
                (rows + batchRows - 1) / batchRows,
                batchRows,
                speed.of(rows, pace).toSeconds(),
                speed.measured(),
                key.toString(),
                warnings.stream().limit(Forecast.MAX_WARNINGS).toList(),
                shown(prepared.statement().plan(connection, first.get())));
    }

    /** Removes a plan's conditions where keys must not be shown: they contain keys of the batch. */
    private String shown(String plan) {
        if (run.showsKeys()) return plan;
        return plan.lines()
                .filter(line -> !line.contains("Cond: ") && !line.contains("Filter: "))
                .collect(Collectors.joining("\n"));
    }

    private static UniqueIndex keyIndex(List<UniqueIndex> candidates, WalkedTable table) {
        return candidates.stream()
                .filter(index -> index.key().equals(table.key()))
                .findFirst()
                .orElseThrow(() -> new MigrationFailure(
                        Reason.InvalidSpec, "the index that " + table.name() + " is walked along is gone"));
    }

    /** Sample batches; empty for an empty table. */
    private Optional<SampleBatches> samples(Connection connection, CheckedBackfill prepared) throws SQLException {
        var table = prepared.table();
        var query = table.over().query();
        if (query != null)
            return Optional.of(new SampleBatches.OfList(connection, table, new KeyList(run.ledger(), table), query));
        var end = new KeyScan(table).highest(connection);
        if (end.isEmpty()) return Optional.empty();
        return Optional.of(new SampleBatches.OfTable(connection, table, prepared.parts(), end.get()));
    }

    private List<String> held() {
        try (var holds = new Holds(run, work)) {
            return holds.look().stream()
                    .map(hold -> "it would wait now" + (execute ? ", so no batch was tried" : "") + ": " + hold)
                    .toList();
        }
    }

    /** What the ledger has about earlier starts. */
    private Optional<String> remembered(Connection connection) throws SQLException {
        try {
            if (!run.ledger().isInstalled(connection)) return Optional.empty();
        } catch (MigrationFailure e) {
            return Optional.of("the migration would not start: " + e.text());
        }
        var row = run.ledger().migrations().read(connection);
        if (row.isEmpty()) return Optional.empty();
        if (row.get().state() == State.APPLIED)
            return Optional.of(
                    "the database's ledger has it as applied at " + row.get().finished()
                            + ": the same migration would not run again, and another one under this name would be refused");
        if (row.get().state() == State.RUNNING && !row.get().isOf(run.checksum()))
            return Optional.of("the database's ledger has another migration under this name, which has begun (plan "
                    + row.get().checksum() + "): this one would be refused unless nothing was walked yet");
        long walked = run.ledger().ranges().all(connection).stream()
                .mapToLong(RangeRow::walked)
                .sum();
        return Optional.of("it was begun before (attempts: " + row.get().attempts() + ", rows walked: " + walked
                + "): these figures are for all of it, and it would go on from its checkpoint");
    }

    /** A batch with such an estimate is not tried: it would hold its locks for that time. */
    private static boolean mayTry(CostEstimate expected, BatchKeys first, List<String> warnings) {
        var time = Duration.ofNanos((long) (expected.nanosPerRow() * first.size()));
        if (time.compareTo(Duration.ofMinutes(1)) < 0) return true;
        warnings.addFirst("no batch was tried: one of " + first.size() + " rows seems to take " + time.toSeconds()
                + " s, see the query plan");
        return false;
    }

    private static String time(Duration duration) {
        if (duration.toMinutes() < 2) return duration.toSeconds() + " s";
        if (duration.toHours() < 2) return duration.toMinutes() + " min";
        return duration.toHours() < 48 ? duration.toHours() + " h" : duration.toDays() + " days";
    }

    private static long share(long part, long of, long whole) {
        return Math.min(whole, Math.round((double) part / of * whole));
    }
}
