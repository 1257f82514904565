package dev.cairn.runner.benchmark;

import dev.cairn.plan.Settings;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * What an application feels: point reads and updates at a steady rate on the table that is changed, without a migration,
 * beside one UPDATE and beside the engine at its default pace. Every operation that is due is carried out, and its latency
 * counts from when it was due: a client that is blocked issues no fewer. Arguments: rows, operations a second. Prints
 * Markdown.
 */
public final class LatencyBenchmark {
    private static final Duration QUIET = Duration.ofSeconds(20);

    private LatencyBenchmark() {}

    /**
     * Prints the table.
     *
     * @param args rows, operations a second
     */
    public static void main(String[] args) throws IOException, SQLException {
        int rate = Integer.parseInt(args[1]);
        try (var server = new BenchmarkServer(Integer.parseInt(args[0]));
                var template = server.table(1)) {
            tell(
                    "The table has %,d rows. Clients make point reads and updates, %d a second over %d connections. Figures are milliseconds from the moment at which each was due."
                            .formatted(server.rows(), rate, Traffic.CONNECTIONS));
            tell("\n| beside | p50 | p90 | p99 | maximum | operations |\n|---|---|---|---|---|---|");
            tell(row("nothing", server, template, rate, database -> until(QUIET)));
            tell(row(
                    "one UPDATE",
                    server,
                    template,
                    rate,
                    database -> running(() -> database.execute("UPDATE t SET n = n + 1"))));
            for (int workers : List.of(1, 2))
                tell(row(
                        "Cairn at its default pace, workers: " + workers,
                        server,
                        template,
                        rate,
                        database -> running(() -> new RunnerFolder(database)
                                .pace(new Settings.Pace(200, 1000, 100, 50_000, null, workers, Settings.Order.Measured))
                                .backfill("t", "UPDATE t SET n = n + 1 WHERE :batch")
                                .run())));
        }
    }

    /** What goes on beside the traffic. */
    @FunctionalInterface
    private interface Beside {
        /** Returns when it ended, as {@link Traffic#run} wants it. */
        LongSupplier begin(TestDatabase database);
    }

    private static String row(String what, BenchmarkServer server, TestDatabase template, int rate, Beside beside) {
        try (var database = server.copy(template)) {
            // A warm-up, so that no connection or plan is the first.
            Traffic.run(database, server.rows(), rate, until(Duration.ofSeconds(3)));
            var millis = new ArrayList<>(Traffic.run(database, server.rows(), rate, beside.begin(database)));
            Collections.sort(millis);
            return "| %s | %.1f | %.1f | %.1f | %.0f | %d |"
                    .formatted(
                            what, at(millis, 0.5), at(millis, 0.9), at(millis, 0.99), millis.getLast(), millis.size());
        }
    }

    private static LongSupplier until(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        return () -> end;
    }

    private static LongSupplier running(Runnable work) {
        var end = CompletableFuture.runAsync(work).thenApply(done -> System.nanoTime());
        return () -> end.getNow(Long.MAX_VALUE);
    }

    private static double at(List<Double> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1, Math.round(sorted.size() * share)));
    }

    @SuppressWarnings("SystemOut")
    private static void tell(String text) {
        System.out.println(text);
    }
}
