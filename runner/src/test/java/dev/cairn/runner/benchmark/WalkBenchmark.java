package dev.cairn.runner.benchmark;

import dev.cairn.plan.Settings.Order;
import dev.cairn.runner.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The engine beside what people do otherwise, on copies of the same table, taking turns in one run. Not a test: it
 * asserts no time. Arguments: rows, rounds, the file for the plot. Prints Markdown.
 */
public final class WalkBenchmark {
    private static final List<Contestant> CONTESTANTS = List.of(
            new Contestant.OneShot(),
            new Contestant.ServerLoop(),
            new Contestant.ClientLoop(),
            new Contestant.Engine(Order.Plain, 1),
            new Contestant.Engine(Order.Plain, 2),
            new Contestant.Engine(Order.Plain, 4),
            new Contestant.Engine(Order.Striped, 1),
            new Contestant.Engine(Order.Striped, 2),
            new Contestant.Engine(Order.Striped, 4),
            new Contestant.Engine(Order.Measured, 2));
    private static final List<Integer> INDEXES = List.of(0, 1, 3);

    private WalkBenchmark() {}

    /**
     * Prints the tables and writes the plot.
     *
     * @param args rows, rounds, the path of the plot
     */
    public static void main(String[] args) throws IOException, SQLException {
        int rounds = Integer.parseInt(args[1]);
        var plot = new Plot();
        try (var server = new BenchmarkServer(Integer.parseInt(args[0]))) {
            tell("PostgreSQL %s, %,d rows; medians of %d round%s, taking turns."
                    .formatted(server.version(), server.rows(), rounds, rounds == 1 ? "" : "s"));
            var measured = measured(server, rounds);
            for (int indexes : INDEXES) {
                var title = switch (indexes) {
                    case 0 -> "The primary key alone";
                    case 1 -> "One secondary index";
                    default -> indexes + " secondary indexes";
                };
                var medians = medians(measured, indexes);
                tell(table(title, medians));
                plot.add(title, medians);
            }
        }
        Files.writeString(Path.of(args[2]), plot.svg());
    }

    /** One way over a table with so many secondary indexes. */
    private record Entry(int indexes, Contestant contestant) {}

    /** Rounds are outermost: what the machine does beside it for a while meets all of them alike. */
    private static Map<Entry, List<Measurement>> measured(BenchmarkServer server, int rounds) throws SQLException {
        var templates = new LinkedHashMap<Integer, TestDatabase>();
        try {
            for (int indexes : INDEXES) templates.put(indexes, server.table(indexes));
            var measured = new HashMap<Entry, List<Measurement>>();
            for (int round = 1; round <= rounds; round++) {
                for (var template : templates.entrySet()) {
                    for (var contestant : CONTESTANTS) {
                        var entry = new Entry(template.getKey(), contestant);
                        var measurement = measurement(server, template.getValue(), contestant);
                        measured.computeIfAbsent(entry, any -> new ArrayList<>())
                                .add(measurement);
                        progress("round %d, %d indexes, %s: %.1f s"
                                .formatted(round, entry.indexes(), contestant.label(), measurement.seconds()));
                    }
                }
            }
            return measured;
        } finally {
            templates.values().forEach(TestDatabase::close);
        }
    }

    private static Measurement measurement(BenchmarkServer server, TestDatabase template, Contestant contestant)
            throws SQLException {
        try (var database = server.copy(template)) {
            return Measurement.of(contestant, database);
        }
    }

    private static Map<Contestant, Measurement> medians(Map<Entry, List<Measurement>> measured, int indexes) {
        var medians = new LinkedHashMap<Contestant, Measurement>();
        for (var contestant : CONTESTANTS)
            medians.put(
                    contestant, Measurement.median(measured.getOrDefault(new Entry(indexes, contestant), List.of())));
        return medians;
    }

    private static String table(String title, Map<Contestant, Measurement> medians) {
        double oneShot = seconds(medians, new Contestant.OneShot());
        double loop = seconds(medians, new Contestant.ServerLoop());
        double client = seconds(medians, new Contestant.ClientLoop());
        var text = new StringBuilder("\n## " + title + "\n");
        text.append(
                "| way | seconds | times one UPDATE | times the loop | times the client loop | HOT | heap | indexes | WAL |\n");
        text.append("|---|---|---|---|---|---|---|---|---|\n");
        medians.forEach((contestant, m) ->
                text.append("| %s | %.1f | %.2f | %.2f | %.2f | %.0f %% | +%.0f %% | +%.0f %% | %.0f MB |%n"
                        .formatted(
                                contestant.label(),
                                m.seconds(),
                                oneShot / m.seconds(),
                                loop / m.seconds(),
                                client / m.seconds(),
                                m.hotPercent(),
                                m.heapPercent(),
                                m.indexPercent(),
                                m.walMegabytes())));
        return text.toString();
    }

    private static double seconds(Map<Contestant, Measurement> medians, Contestant contestant) {
        var measurement = medians.get(contestant);
        if (measurement == null) throw new IllegalStateException(contestant.label() + " did not run");
        return measurement.seconds();
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
