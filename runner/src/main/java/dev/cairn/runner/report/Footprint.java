package dev.cairn.runner.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** The memory and start time of this process, for the log. They are the basis of memory limits and benchmarks. */
public final class Footprint {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String PEAK = "VmHWM:";

    private Footprint() {}

    /** The start of the process, from the operating system, to 10 ms. */
    public static Optional<Instant> began() {
        return ProcessHandle.current().info().startInstant();
    }

    /**
     * The peak of its resident memory, such as {@code 61 MB}; "unknown" on other systems than Linux. See
     * proc_pid_status(5).
     */
    public static String peakMemory() {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(PEAK))
                    .findFirst()
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024 + " MB")
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown"; // no /proc here: the number is advisory
        }
    }
}
