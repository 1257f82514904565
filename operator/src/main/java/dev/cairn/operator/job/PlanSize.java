package dev.cairn.operator.job;

import dev.cairn.operator.decide.PlanProblem;
import java.util.Map;

/**
 * Counts the SQL of a plan while its ConfigMaps are read. The operator has a plan in memory several times while it
 * makes a Job. So a plan that is too large is refused before the rest is read.
 */
public final class PlanSize {
    /** 16 MiB, in UTF-8. */
    public static final long MAX_BYTES = 16L << 20;

    /** 512 KiB. Such plans of all workers together fit into memory beside a large one. */
    public static final long SMALL = 512L << 10;

    private long bytes;

    /** The count so far. */
    public long bytes() {
        return bytes;
    }

    /**
     * Counts the files of one more ConfigMap.
     *
     * @throws IllegalArgumentException if all files together are too large; the message says what to do
     */
    public void add(String configMap, Map<String, String> files) {
        for (var file : files.entrySet()) {
            bytes += utf8Bytes(file.getValue());
            if (bytes > MAX_BYTES)
                throw new PlanProblem.TooLarge(file.getKey(), configMap, MAX_BYTES >> 20).asException();
        }
    }

    /**
     * Counts without a copy of the text. A character that JSON writes as six counts six, since the plan's file has
     * these six.
     */
    private static long utf8Bytes(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a character beyond the first plane counts 2.
            if (c >= 0x800 && !Character.isSurrogate(c)) bytes += 2;
            else if (c >= 0x80) bytes++;
            else if (c < ' ' && !Character.isWhitespace(c)) bytes += 5;
        }
        return bytes;
    }
}
