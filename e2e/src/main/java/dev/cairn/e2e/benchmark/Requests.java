package dev.cairn.e2e.benchmark;

import dev.cairn.e2e.Chart;
import dev.cairn.e2e.cluster.AuditEvent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The operator's requests to the API server, counted from the growing audit log. Not thread-safe. */
final class Requests {
    private static final String OPERATOR = "system:serviceaccount:" + Chart.NAMESPACE + ":" + Chart.RELEASE;
    private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete", "deletecollection");

    private final Path log;
    private final Map<String, Long> counts = new TreeMap<>();
    private long offset;

    Requests(Path log) {
        this.log = log;
    }

    /** The counts so far, by verb and resource, such as {@code patch schemamigrations/status}. */
    Map<String, Long> counts() {
        readOn();
        return Map.copyOf(counts);
    }

    /** All requests that change something, without those for the lease. */
    long writes() {
        return counts().entrySet().stream()
                .filter(entry -> isWrite(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Whether a key of {@link #counts} is a write for a migration. */
    static boolean isWrite(String request) {
        return WRITES.contains(request.substring(0, request.indexOf(' '))) && !request.endsWith(" leases");
    }

    private void readOn() {
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            var chunk = new byte[1 << 20];
            while (file.length() > offset) {
                file.seek(offset);
                int read = file.read(chunk);
                int end = read;
                while (end > 0 && chunk[end - 1] != '\n') end--;
                if (end == 0) return; // a line that is not complete yet
                new String(chunk, 0, end, StandardCharsets.UTF_8).lines().forEach(this::count);
                offset += end;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    private void count(String line) {
        var event = AuditEvent.parse(line);
        if (event.user().equals(OPERATOR)) counts.merge(event.verb() + " " + event.resource(), 1L, Long::sum);
    }
}
