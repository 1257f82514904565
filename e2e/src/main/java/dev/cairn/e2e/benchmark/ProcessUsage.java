package dev.cairn.e2e.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Memory and processor time of another process of this machine, from Linux and the garbage collector's log. */
final class ProcessUsage {
    private static final Pattern COLLECTION = Pattern.compile("(\\d+)M->(\\d+)M\\(\\d+M\\)");
    private static final int TICKS_PER_SECOND = 100;
    private static final int USER_TICKS = 11; // fields after the command's name, counted from 0
    private static final int SYSTEM_TICKS = 12;

    private ProcessUsage() {}

    /** Its own memory now, MiB: all but the pages of files, which the system may reclaim. */
    static long ownMegabytes(long pid) {
        return status(pid, "RssAnon");
    }

    /** Its resident memory now, MiB. */
    static long memoryMegabytes(long pid) {
        return status(pid, "VmRSS");
    }

    /** The peak of its resident memory, MiB. */
    static long peakMegabytes(long pid) {
        return status(pid, "VmHWM");
    }

    /** The processor time of all its threads since its start. */
    static double processorSeconds(long pid) {
        var stat = read(Path.of("/proc/" + pid + "/stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (double) (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])) / TICKS_PER_SECOND;
    }

    /** The largest heap before a collection, MiB. */
    static long heapPeakMegabytes(Path collectorLog) {
        return COLLECTION
                .matcher(read(collectorLog))
                .results()
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .max()
                .orElse(0);
    }

    /** The largest heap after a collection, MiB: an upper bound of the live objects. */
    static long heldPeakMegabytes(Path collectorLog) {
        return COLLECTION
                .matcher(read(collectorLog))
                .results()
                .mapToLong(match -> Long.parseLong(match.group(2)))
                .max()
                .orElse(0);
    }

    private static long status(long pid, String field) {
        return read(Path.of("/proc/" + pid + "/status"))
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(kilobytes -> Long.parseLong(kilobytes) / 1024)
                .findFirst()
                .orElse(0);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
