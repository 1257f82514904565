package dev.cairn.runner.benchmark;

import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Settings.Order;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.benchmark.ObservedRunner.Look;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Tables of growing size, walked by the runner as its Job starts it: whether a row costs the same, whether the runner's
 * memory stays the same, and how far the progress was from the truth. Not a test: it asserts no time. Arguments: the
 * numbers of rows. Prints Markdown.
 */
public final class ScaleBenchmark {
    private static final List<Integer> SHARES = List.of(10, 50, 90);
    private static final long LOOK_EVERY_MILLIS = 200;

    /** The defaults of a target, but for two workers and a limit that nothing reaches. */
    private static final Settings.Pace PACE = new Settings.Pace(200, 1000, 100, 50_000, 10_000_000L, 2, Order.Measured);

    private ScaleBenchmark() {}

    /**
     * Prints the tables.
     *
     * @param args rows of each table
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        var walks = new ArrayList<Walk>();
        for (var rows : args) walks.add(walk(Integer.parseInt(rows)));
        tell("PostgreSQL " + walks.getFirst().version + ".\n");
        tell(
                "| rows | seconds | for a million | the server's processor for a million | the runner's | the runner's heap, held on to at "
                        + SHARES.stream().map(share -> share + " %").collect(Collectors.joining(" / "))
                        + " | its memory at the same moments | its peak |");
        tell("|---|---|---|---|---|---|---|---|");
        walks.forEach(walk -> tell(walk.cost()));
        tell("\n| rows | at | estimated rows | said to be done | time left, said | in truth |");
        tell("|---|---|---|---|---|---|");
        walks.forEach(walk -> SHARES.forEach(share -> tell(walk.estimate(share))));
    }

    private static Walk walk(int rows) throws IOException, InterruptedException {
        try (var server = new BenchmarkServer(rows);
                var database = server.table(1)) {
            progress("%,d rows are there".formatted(rows));
            double before = server.processorSeconds();
            var runner = ObservedRunner.start(
                    new RunnerFolder(database).pace(PACE).backfill("t", "UPDATE t SET n = n + 1 WHERE :batch"));
            var looks = new ArrayList<Look>();
            var retained = new LinkedHashMap<Integer, Long>();
            while (runner.process().isAlive()) {
                runner.look().ifPresent(looks::add);
                int share = looks.isEmpty()
                        ? 0
                        : (int) (100 * looks.getLast().progress().walked() / rows);
                for (int wanted : SHARES)
                    if (share >= wanted) retained.computeIfAbsent(wanted, _ -> runner.retainedMegabytes());
                Thread.sleep(LOOK_EVERY_MILLIS);
            }
            double ofServer = server.processorSeconds() - before;
            requireApplied(runner.process().outcome(), database, rows);
            var walk = new Walk(
                    rows,
                    server.version(),
                    at(database, "WalkBegun"),
                    at(database, "Applied"),
                    looks,
                    retained,
                    ofServer);
            progress(walk.cost());
            SHARES.forEach(share -> progress(walk.estimate(share)));
            return walk;
        }
    }

    private static void requireApplied(Outcome outcome, TestDatabase database, int rows) {
        if (outcome.reason() != Reason.Applied) throw new IllegalStateException(outcome.message());
        if (outcome.progress().rows() != rows
                || !database.query("SELECT 1 FROM t WHERE n <> 1 LIMIT 1").isEmpty())
            throw new IllegalStateException("not every row was changed once");
    }

    private static long at(TestDatabase database, String event) {
        return Long.parseLong(database.value(
                "SELECT (extract(epoch FROM min(at)) * 1000)::bigint FROM cairn.event WHERE event = '" + event + "'"));
    }

    private record Walk(
            int rows,
            String version,
            long began,
            long ended,
            List<Look> looks,
            Map<Integer, Long> retained,
            double ofServer) {
        String cost() {
            double seconds = (ended - began) / 1e3;
            return "| %,d | %.1f | %.2f | %.2f | %.2f | %s MB | %s MB | %s MB |"
                    .formatted(
                            rows,
                            seconds,
                            seconds / rows * 1e6,
                            ofServer / rows * 1e6,
                            looks.getLast().processorSeconds() / rows * 1e6,
                            retained.values().stream().map(String::valueOf).collect(Collectors.joining(" / ")),
                            SHARES.stream()
                                    .map(share -> megabytes(lookAt(share).residentKilobytes()))
                                    .collect(Collectors.joining(" / ")),
                            megabytes(looks.getLast().peakKilobytes()));
        }

        String estimate(int share) {
            var look = lookAt(share);
            var said = look.progress();
            long estimated = said.estimatedRows() == null ? 0 : said.estimatedRows();
            return "| %,d | %d %% | %,d | %.0f %% | %s | %.0f s |"
                    .formatted(
                            rows,
                            share,
                            estimated,
                            100.0 * said.walked() / Math.max(1, estimated),
                            left(said, estimated),
                            (ended - look.millis()) / 1e3);
        }

        /** As the operator shows it. */
        private static String left(Progress said, long estimated) {
            if (said.rowsPerSecond() == 0 || said.walked() >= estimated) return "–";
            return "%d s".formatted((estimated - said.walked()) / said.rowsPerSecond() + 1);
        }

        /** What was seen when so much of the time had passed. */
        private Look lookAt(int share) {
            long moment = began + (ended - began) * share / 100;
            return looks.stream()
                    .filter(look -> look.millis() >= moment)
                    .findFirst()
                    .orElse(looks.getLast());
        }
    }

    private static String megabytes(long kilobytes) {
        return "%.0f".formatted(kilobytes / 1024.0);
    }

    @SuppressWarnings("SystemOut")
    private static void tell(String text) {
        System.out.println(text);
    }

    @SuppressWarnings("SystemOut")
    private static void progress(String line) {
        System.err.println(line);
    }
}
