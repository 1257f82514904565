package dev.cairn.runner.benchmark;

import dev.cairn.plan.Settings.Order;
import dev.cairn.runner.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The walk of runners from several builds, as their images start them, beside one UPDATE: on copies of the same table,
 * taking turns in one run. Prints a table of medians. Arguments: rows, rounds, secondary indexes, and the runners' target
 * folders.
 */
public final class ImageWalkBenchmark {
    private static final List<Order> ORDERS = List.of(Order.Plain, Order.Striped);

    private ImageWalkBenchmark() {}

    /** What a walk cost: the table's figures, and the runner's own. */
    private record Walk(Measurement table, double processorSeconds, double peakMegabytes) {}

    public static void main(String[] args) throws Exception {
        int rounds = Integer.parseInt(args[1]);
        int indexes = Integer.parseInt(args[2]);
        var contestants = contestants(Arrays.asList(args).subList(3, args.length));
        var walks = new LinkedHashMap<String, List<Walk>>();
        try (var server = new BenchmarkServer(Integer.parseInt(args[0]));
                var template = server.table(indexes)) {
            for (int round = 0; round < rounds; round++) {
                for (var contestant : contestants) {
                    walks.computeIfAbsent(contestant.label(), any -> new ArrayList<>())
                            .add(walk(server, template, contestant));
                }
            }
        }
        double oneShot = Measurement.median(walks.get(new Contestant.OneShot().label()), walk -> walk.table.seconds());
        System.out.printf("%s rows, %d secondary indexes, %d rounds%n%n", args[0], indexes, rounds);
        System.out.println(
                "| way | seconds | times one UPDATE | HOT | heap | WAL | the runner's processor time | its memory, the peak |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        walks.forEach((label, all) -> System.out.printf(
                "| %s | %.1f | %.2f | %.0f %% | +%.0f %% | %.0f MB | %.1f s | %.0f MB |%n",
                label,
                Measurement.median(all, walk -> walk.table.seconds()),
                oneShot / Measurement.median(all, walk -> walk.table.seconds()),
                Measurement.median(all, walk -> walk.table.hotPercent()),
                Measurement.median(all, walk -> walk.table.heapPercent()),
                Measurement.median(all, walk -> walk.table.walMegabytes()),
                Measurement.median(all, Walk::processorSeconds),
                Measurement.median(all, Walk::peakMegabytes)));
    }

    /** Builds are innermost: what the machine does beside them for a while meets them alike. */
    private static List<Contestant> contestants(List<String> targets) throws IOException {
        var log = Files.createTempFile("cairn-walk", ".log");
        var contestants = new ArrayList<Contestant>(List.of(new Contestant.OneShot()));
        for (var order : ORDERS)
            for (int workers = 1; workers <= 2; workers++)
                for (var target : targets)
                    contestants.add(new Contestant.Image(
                            target,
                            new ImageProgram(Path.of(target), List.of()),
                            new Contestant.Engine(order, workers),
                            log));
        return contestants;
    }

    private static Walk walk(BenchmarkServer server, TestDatabase template, Contestant contestant)
            throws IOException, SQLException {
        try (var database = server.copy(template)) {
            double before = ImageProgram.processorSeconds();
            var table = Measurement.of(contestant, database);
            double processor = ImageProgram.processorSeconds() - before;
            System.err.printf("%s: %.1f s%n", contestant.label(), table.seconds());
            return new Walk(
                    table,
                    processor,
                    contestant instanceof Contestant.Image image
                            ? ImageProgram.peakMegabytes(Files.readString(image.log()))
                            : 0);
        }
    }
}
