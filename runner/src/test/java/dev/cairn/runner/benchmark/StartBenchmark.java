package dev.cairn.runner.benchmark;

import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Work;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.TlsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the container's program takes to start, as in the image: its runtime, its flags, its cache, over TLS and with SCRAM.
 * A database that Cairn has never seen, and one schema migration with one small step. Times are by the monotonic clock of
 * this process, from the moment that asks the kernel for the new one. Prints a table of medians.
 *
 * <p>Arguments: the number of rounds, the runner's target folders to compare, side by side, and after {@code --} more
 * flags, each of which is measured as a variant of the last folder.
 */
public final class StartBenchmark {
    private static final Pattern PEAK = Pattern.compile("memory peaked at (\\d+) MB");
    private static final String ROWS =
            "SELECT CASE WHEN to_regclass('cairn.migration') IS NULL THEN 0 ELSE (xpath('/row/n/text()', "
                    + "query_to_xml('SELECT count(*) AS n FROM cairn.migration', false, true, '')))[1]::text::int END";

    private record Variant(String label, Path target, List<String> flags) {}

    private record Start(double firstRow, double end, double processorSeconds, double peakMegabytes) {}

    private StartBenchmark() {}

    public static void main(String[] args) throws Exception {
        int rounds = Integer.parseInt(args[0]);
        var variants = variants(Arrays.asList(args).subList(1, args.length));
        var starts = new ArrayList<List<Start>>();
        variants.forEach(variant -> starts.add(new ArrayList<>()));
        try (var server = TlsServer.start()) {
            for (int round = 0; round <= rounds; round++) {
                for (int n = 0; n < variants.size(); n++) {
                    var start = measure(server, variants.get(n));
                    // The first reads the files from the disk.
                    if (round > 0) starts.get(n).add(start);
                }
            }
        }
        System.out.println(
                "| program | to the first row in the ledger | to its end | processor time | memory, the peak |");
        System.out.println("|---|---|---|---|---|");
        for (int n = 0; n < variants.size(); n++) {
            var measured = starts.get(n);
            System.out.printf(
                    "| %s | %.2f s (%.2f to %.2f) | %.2f s | %.2f s | %.0f MB |%n",
                    variants.get(n).label(),
                    median(measured.stream().map(Start::firstRow)),
                    measured.stream().mapToDouble(Start::firstRow).min().orElseThrow(),
                    measured.stream().mapToDouble(Start::firstRow).max().orElseThrow(),
                    median(measured.stream().map(Start::end)),
                    median(measured.stream().map(Start::processorSeconds)),
                    median(measured.stream().map(Start::peakMegabytes)));
        }
        System.exit(0);
    }

    private static List<Variant> variants(List<String> args) {
        int dashes = args.contains("--") ? args.indexOf("--") : args.size();
        var targets = args.subList(0, dashes);
        var variants = new ArrayList<Variant>();
        for (var target : targets) variants.add(new Variant(target, Path.of(target), List.of()));
        var last = Path.of(targets.getLast());
        for (var flags : args.subList(Math.min(dashes + 1, args.size()), args.size()))
            variants.add(new Variant(flags, last, List.of(flags.split(" "))));
        return variants;
    }

    private static double median(Stream<Double> figures) {
        var sorted = figures.sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static Start measure(TlsServer server, Variant variant)
            throws IOException, InterruptedException, SQLException {
        try (var database = TestDatabase.createOn(server.port());
                var connection = database.connect();
                var rows = connection.prepareStatement(ROWS)) {
            var folder = server.folder(database)
                    .plan(
                            new Work.Schema(List.of(new Work.Step("create", "CREATE TABLE t (id int)"))),
                            MigrationKind.SchemaMigration);
            var log = Files.createTempFile("cairn-start", ".log");
            var builder = command(variant, folder).redirectErrorStream(true).redirectOutput(log.toFile());
            double before = processorSeconds();
            long began = System.nanoTime();
            var process = builder.start();
            while (true) {
                try (var found = rows.executeQuery()) {
                    found.next();
                    if (found.getInt(1) > 0) break;
                }
                if (!process.isAlive()) throw new IllegalStateException(Files.readString(log));
            }
            double firstRow = Stopwatch.secondsSince(began);
            int status = process.waitFor();
            double end = Stopwatch.secondsSince(began);
            var text = Files.readString(log);
            if (status != 0) throw new IllegalStateException(text);
            Matcher peak = PEAK.matcher(text);
            if (!peak.find()) throw new IllegalStateException(text);
            Files.delete(log);
            return new Start(firstRow, end, processorSeconds() - before, Double.parseDouble(peak.group(1)));
        }
    }

    /** Of the programs that have ended. */
    private static double processorSeconds() throws IOException {
        long self = ProcessHandle.current().pid();
        return ProcessorTime.withEnded(self) - ProcessorTime.of(self);
    }

    /** The image's argument file, with the paths of the training folder in place of the container's. */
    private static ProcessBuilder command(Variant variant, RunnerFolder folder) throws IOException {
        var training = variant.target().resolve("image-training").toAbsolutePath();
        var cache = variant.target().resolve("image-root/app/startup.aot").toAbsolutePath();
        var arguments = Files.readString(training.resolve("java.args"))
                .replaceAll("-XX:AOTCacheOutput=\\S+", "-XX:AOTCache=" + cache);
        var file = Files.writeString(Files.createTempFile("cairn-start", ".args"), arguments);
        var command =
                new ArrayList<>(List.of(training.resolve("opt/java/bin/java").toString()));
        command.addAll(variant.flags());
        command.addAll(List.of("@" + file, folder.hash()));
        var builder = new ProcessBuilder(command);
        builder.environment().put("CAIRN_ROOT", folder.at(Path.of("/")).toString());
        builder.environment().put("CAIRN_PORT", "0");
        builder.environment().put(Mounts.POD_VARIABLE, "benchmark");
        return builder;
    }
}
