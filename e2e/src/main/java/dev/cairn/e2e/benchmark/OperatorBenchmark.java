package dev.cairn.e2e.benchmark;

import dev.cairn.e2e.controlplane.ControlPlane;
import dev.cairn.e2e.controlplane.OperatorProcess;
import dev.cairn.e2e.controlplane.StandInJobController;
import dev.cairn.e2e.controlplane.StandInKubelet;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Runs many migrations on a real API server, with stand-ins for pods and Jobs. It prints a table: the time until all
 * are Applied, the operator's writes, and its memory and processor time.
 *
 * <p>Arguments: {@code graph}, {@code chain} or {@code queue}, the number of migrations, of targets, of namespaces, the
 * memory limit in MiB, and more flags for the operator's JVM.
 */
public final class OperatorBenchmark {
    private static final int CREATORS = 4;
    private static final Duration STALLED = Duration.ofMinutes(5);
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(200);

    /** Below this share of one core for two seconds, the operator counts as idle. */
    private static final double QUIET = 0.1;

    private static final int QUIET_LOOKS = 10;

    private final PrintStream out = System.out;
    private final ControlPlane plane;
    private final MigrationGraph graph;
    private final OperatorProcess operator;
    private final Path collectorLog;
    private final Requests requests;

    /** The most memory of its own that was measured, MiB. */
    private long ownPeak;

    private OperatorBenchmark(ControlPlane plane, MigrationGraph graph, int limitMegabytes, String... moreFlags) {
        this.plane = plane;
        this.graph = graph;
        collectorLog = plane.folder().resolve("operator-gc.log");
        requests = new Requests(plane.auditLogFile());
        // As in the image under a container's limit: the heap may take half of it.
        operator = plane.operator(OperatorProcess.Setup.watching()
                .electingALeader()
                .withJvmFlags("-Xmx" + limitMegabytes / 2 + "m", "-Xlog:gc:file=" + collectorLog)
                .withJvmFlags(moreFlags));
    }

    /** Exits with 0 if every migration was applied. */
    public static void main(String[] args) throws InterruptedException {
        int namespaces = Integer.parseInt(args[3]);
        try (var plane = ControlPlane.start()) {
            var graph = new MigrationGraph(
                    MigrationGraph.Shape.valueOf(args[0]),
                    Integer.parseInt(args[1]),
                    Integer.parseInt(args[2]),
                    IntStream.range(0, namespaces)
                            .mapToObj(n -> plane.createNamespace("tenant"))
                            .toList());
            new OperatorBenchmark(plane, graph, Integer.parseInt(args[4]), Arrays.copyOfRange(args, 5, args.length))
                    .run();
        }
        System.exit(0); // the clients' threads do not end by themselves
    }

    private void run() throws InterruptedException {
        try (var _ = StandInJobController.start(plane.client(), null);
                var _ = StandInKubelet.start(plane.client(), null, new AppliesEach());
                var applied = new AppliedCount(plane.client())) {
            operator.start().awaitReady();
            row("what", "figure");
            row("---", "---");
            apply(applied);
            idle();
            restart();
        }
    }

    private void apply(AppliedCount applied) throws InterruptedException {
        var began = Instant.now();
        graph.targetObjects().forEach(target -> plane.client().resource(target).create());
        try (var threads = Executors.newFixedThreadPool(CREATORS)) {
            graph.migrationObjects()
                    .forEach(migration -> threads.execute(
                            () -> plane.client().resource(migration).create()));
        }
        row("%,d migrations created".formatted(graph.migrations()), seconds(began));
        awaitAll(applied);
        row("all Applied, from the first one's creation", seconds(began));
        awaitQuiet();
        var counts = requests.counts();
        row("the operator's writes for each migration", perMigration(requests.writes()));
        counts.entrySet().stream()
                .filter(entry -> Requests.isWrite(entry.getKey()))
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(entry -> row("… " + entry.getKey(), perMigration(entry.getValue())));
        row("its reads for each", perMigration(reads(counts)));
        row("its processor time for each", milliseconds(ProcessUsage.processorSeconds(operator.pid())));
        memory("its memory");
    }

    private void awaitAll(AppliedCount applied) throws InterruptedException {
        int before = -1;
        var moved = Instant.now();
        while (applied.get() < graph.migrations()) {
            if (!operator.isAlive()) throw new IllegalStateException("the operator has ended: " + plane.describe());
            if (applied.get() > before) {
                before = applied.get();
                moved = Instant.now();
            } else if (Duration.between(moved, Instant.now()).compareTo(STALLED) > 0)
                throw new IllegalStateException(
                        "stuck with %d of %d Applied: %s".formatted(before, graph.migrations(), plane.describe()));
            ownPeak = Math.max(ownPeak, ProcessUsage.ownMegabytes(operator.pid()));
            Thread.sleep(LOOK);
        }
    }

    private void idle() throws InterruptedException {
        long before = requests.writes();
        double processor = ProcessUsage.processorSeconds(operator.pid());
        Thread.sleep(IDLE);
        row("writes in an idle minute, but for the lease", String.valueOf(requests.writes() - before));
        row(
                "processor time in that minute",
                "%.2f s".formatted(ProcessUsage.processorSeconds(operator.pid()) - processor));
    }

    private void restart() throws InterruptedException {
        var told = Instant.now();
        int status = operator.terminate();
        row("SIGTERM to the end (status " + status + ")", seconds(told));
        long writes = requests.writes();
        ownPeak = 0;
        var began = Instant.now();
        operator.start().awaitReady();
        row("restart to ready", seconds(began));
        var quiet = awaitQuiet();
        row(
                "restart to steady",
                "%.1f s".formatted(Duration.between(began, quiet).toMillis() / 1000.0));
        row("writes of the restart, but for the lease", String.valueOf(requests.writes() - writes));
        memory("memory after the restart");
    }

    /**
     * Waits until the operator has nothing to do.
     *
     * @return the start of its idle time
     */
    private Instant awaitQuiet() throws InterruptedException {
        int quietLooks = 0;
        var since = Instant.now();
        double processor = ProcessUsage.processorSeconds(operator.pid());
        BooleanSupplier holdsLease = () -> operator.log().contains("Watching");
        while (quietLooks < QUIET_LOOKS) {
            Thread.sleep(LOOK);
            ownPeak = Math.max(ownPeak, ProcessUsage.ownMegabytes(operator.pid()));
            double now = ProcessUsage.processorSeconds(operator.pid());
            boolean quiet = now - processor < QUIET * LOOK.toMillis() / 1000 && holdsLease.getAsBoolean();
            processor = now;
            if (!quiet) since = Instant.now();
            quietLooks = quiet ? quietLooks + 1 : 0;
        }
        return since;
    }

    /**
     * The memory that counts against a container's limit. The system can reclaim pages of files, so they have a
     * separate row.
     */
    private void memory(String what) {
        row(
                what + ", without the pages of files: now / the most that a look found",
                "%d / %d MiB".formatted(ProcessUsage.ownMegabytes(operator.pid()), ownPeak));
        row(
                what + " with them: now / its peak",
                "%d / %d MiB"
                        .formatted(
                                ProcessUsage.memoryMegabytes(operator.pid()),
                                ProcessUsage.peakMegabytes(operator.pid())));
        row(
                what + ": the heap's peak / the most that a collection left",
                "%d / %d MiB"
                        .formatted(
                                ProcessUsage.heapPeakMegabytes(collectorLog),
                                ProcessUsage.heldPeakMegabytes(collectorLog)));
    }

    private long reads(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .filter(entry -> List.of("get ", "list ").stream().anyMatch(entry.getKey()::startsWith)
                        && !entry.getKey().endsWith(" leases"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private String perMigration(long count) {
        return String.format(Locale.ROOT, "%.2f", (double) count / graph.migrations());
    }

    private String milliseconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f ms", seconds * 1000 / graph.migrations());
    }

    private static String seconds(Instant since) {
        return String.format(
                Locale.ROOT, "%.1f s", Duration.between(since, Instant.now()).toMillis() / 1000.0);
    }

    private void row(String what, String figure) {
        out.println("| " + what + " | " + figure + " |");
    }
}
