package dev.cairn.runner.benchmark;

import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Work;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.TlsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the container's program takes to start, as in the image: its runtime, its flags, its cache, over TLS and with SCRAM.
 * A database that Cairn has never seen, and one schema migration with one small step. Times are by the monotonic clock of
 * this process, from the moment that asks the kernel for the new one. Prints a table of medians.
 *
 * <p>Arguments: the number of rounds, the runner's target folders to compare, side by side, and after {@code --} more
 * flags, each of which is measured as a variant of the last folder.
 */
public final class StartBenchmark {
    private static final String ROWS =
            "SELECT CASE WHEN to_regclass('cairn.migration') IS NULL THEN 0 ELSE (xpath('/row/n/text()', "
                    + "query_to_xml('SELECT count(*) AS n FROM cairn.migration', false, true, '')))[1]::text::int END";

    private record Variant(String label, ImageProgram program) {}

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
                    Measurement.median(measured, Start::firstRow),
                    measured.stream().mapToDouble(Start::firstRow).min().orElseThrow(),
                    measured.stream().mapToDouble(Start::firstRow).max().orElseThrow(),
                    Measurement.median(measured, Start::end),
                    Measurement.median(measured, Start::processorSeconds),
                    Measurement.median(measured, Start::peakMegabytes));
        }
        System.exit(0);
    }

    private static List<Variant> variants(List<String> args) {
        int dashes = args.contains("--") ? args.indexOf("--") : args.size();
        var targets = args.subList(0, dashes);
        var variants = new ArrayList<Variant>();
        for (var target : targets) variants.add(new Variant(target, new ImageProgram(Path.of(target), List.of())));
        var last = Path.of(targets.getLast());
        for (var flags : args.subList(Math.min(dashes + 1, args.size()), args.size()))
            variants.add(new Variant(flags, new ImageProgram(last, List.of(flags.split(" ")))));
        return variants;
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
            var builder =
                    variant.program().command(folder).redirectErrorStream(true).redirectOutput(log.toFile());
            double before = ImageProgram.processorSeconds();
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
            Files.delete(log);
            return new Start(firstRow, end, ImageProgram.processorSeconds() - before, ImageProgram.peakMegabytes(text));
        }
    }
}
