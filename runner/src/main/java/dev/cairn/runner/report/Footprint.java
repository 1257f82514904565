package dev.cairn.runner.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** What this process costs, for the log: memory limits and benchmarks are set by it. */
public final class Footprint {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String PEAK = "VmHWM:";

    private Footprint() {}

    /** When the operating system started the process, to 10 ms. */
    public static Optional<Instant> began() {
        return ProcessHandle.current().info().startInstant();
    }

    /** The most memory it ever had resident, such as {@code 61 MB}; "unknown" off Linux. See proc_pid_status(5). */
    public static String peakMemory() {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(PEAK))
                    .findFirst()
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024 + " MB")
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown"; // no /proc here: the figure is advisory
        }
    }
}
