package dev.cairn.runner.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What processes have used of the processor, in seconds: unlike the clock, it hardly minds what else the machine does. */
final class ProcessorTime {
    private static final double TICKS = 100;

    /** In {@code /proc/…/stat}, counted from the field behind the name: proc(5). */
    private static final int USER = 11;

    private static final int ENDED_CHILDREN = 13;

    private ProcessorTime() {}

    /** Of one process; nothing if it has ended. */
    static double of(long pid) throws IOException {
        return seconds(pid, USER);
    }

    /** With that of its children which have ended. */
    static double withEnded(long pid) throws IOException {
        return of(pid) + seconds(pid, ENDED_CHILDREN);
    }

    private static double seconds(long pid, int field) throws IOException {
        try {
            var stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[field]) + Long.parseLong(fields[field + 1])) / TICKS;
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
