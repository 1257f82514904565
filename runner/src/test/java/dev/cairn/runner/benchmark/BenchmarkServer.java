package dev.cairn.runner.benchmark;

import dev.cairn.runner.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.List;

/** A server as production has it (autovacuum, fsync), and tables that are copied for each run, so that all are the same. */
final class BenchmarkServer implements AutoCloseable {
    private static final List<String> INDEXED = List.of("a", "b", "d");

    private final EmbeddedPostgres server;
    private final int rows;

    BenchmarkServer(int rows) throws IOException {
        this.rows = rows;
        this.server = EmbeddedPostgres.builder()
                .setServerConfig("shared_buffers", "1GB")
                .setServerConfig("max_wal_size", "8GB")
                .setServerConfig("checkpoint_timeout", "30min")
                .start();
    }

    int rows() {
        return rows;
    }

    /** A database without tables; closed by the caller. */
    TestDatabase empty() {
        return TestDatabase.createOn(server.getPort());
    }

    /** Rows of about 150 bytes on full pages, with so many secondary indexes; closed by the caller. */
    TestDatabase table(int indexes) {
        var template = TestDatabase.createOn(server.getPort());
        template.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, a int, b int, d int, n int NOT NULL DEFAULT 0, filler text)",
                "INSERT INTO t SELECT g, g * 7919 % 1000003, g * 104729 % 1000003, g * 1299709 % 1000003, 0, repeat('x', 95)"
                        + " FROM generate_series(1, " + rows + "::bigint) g");
        for (var column : INDEXED.subList(0, indexes)) template.execute("CREATE INDEX ON t (" + column + ")");
        template.execute("VACUUM (ANALYZE, FREEZE) t", "CHECKPOINT");
        return template;
    }

    /** A copy, on the disk and not in the cache of the one before it. */
    TestDatabase copy(TestDatabase template) {
        var copy = template.copy();
        copy.execute("CHECKPOINT");
        // What a walk finds in the cache must not depend on who came before.
        copy.execute("SELECT sum(n) FROM t");
        return copy;
    }

    /** Such as {@code 18.6}. */
    String version() {
        try (var database = TestDatabase.createOn(server.getPort())) {
            return database.value("SHOW server_version");
        }
    }

    /** Seconds of the processor that its processes have used so far. */
    double processorSeconds() throws IOException {
        long postmaster;
        try (var database = TestDatabase.createOn(server.getPort())) {
            postmaster = Long.parseLong(database.value("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"));
        }
        // Those that have ended are in the first process's own figures.
        double seconds = ProcessorTime.withEnded(postmaster);
        var living = ProcessHandle.of(postmaster).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
        for (var process : living) seconds += ProcessorTime.of(process.pid());
        return seconds;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
