package dev.cairn.runner;

import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs what goes into the image through a typical schema migration, so that the JVM writes the cache with which the image's
 * containers start. Those are many and short; a backfill takes its time anyway. The build calls it with the module's target
 * folder.
 */
final class Training {
    private static final String CACHE = "startup.aot";

    private Training() {}

    public static void main(String[] args) throws Exception {
        var target = Path.of(args[0]);
        var container = target.resolve("image-training");
        try (var server = TlsServer.start();
                var database = TestDatabase.createOn(server.port())) {
            var steps = new Work.Schema(List.of(
                    new Work.Step(
                            "table", "CREATE TABLE t (id bigint PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1)"),
                    new Work.Step("index", "CREATE INDEX CONCURRENTLY t_n ON t (n)")));
            run(container, server.folder(database).plan(steps, MigrationKind.SchemaMigration));
            Files.copy(container.resolve("app").resolve(CACHE), cacheOf(target));
        }
        // the test server's threads
        System.exit(0);
    }

    private static Path cacheOf(Path target) {
        return target.resolve("image-root").resolve("app").resolve(CACHE);
    }

    private static void run(Path container, RunnerFolder folder) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(
                container.resolve("opt/java/bin/java").toString(), "@" + container.resolve("java.args"), folder.hash());
        builder.environment().putAll(folder.environment("training"));
        var log = container.resolve("log").toFile();
        int status =
                builder.redirectErrorStream(true).redirectOutput(log).start().waitFor();
        if (status != 0) throw new IllegalStateException("the runner ended with status " + status + ": see " + log);
    }
}
