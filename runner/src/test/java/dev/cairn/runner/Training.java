package dev.cairn.runner;

import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs what goes into the image through typical migrations, so that the JVM writes the cache with which the image's
 * containers start. The build calls it with the module's target folder.
 */
final class Training {
    private static final String CACHE = "startup.aot";

    private Training() {}

    public static void main(String[] args) throws Exception {
        var target = Path.of(args[0]);
        var container = target.resolve("image-training");
        try (var server = TlsServer.start();
                var database = TestDatabase.createOn(server.port())) {
            database.execute("CREATE TABLE t AS SELECT g AS id, 0 AS n FROM generate_series(1, 20000) g");
            database.execute("ALTER TABLE t ADD PRIMARY KEY (id)");
            var backfill = new Work.Backfill(
                    new Work.Over("t", List.of(), null),
                    "UPDATE t SET n = n + 1 WHERE :batch",
                    "SELECT NOT EXISTS (SELECT FROM t WHERE n <> 1)");
            run(container, server.folder(database).plan(backfill, MigrationKind.DataMigration));
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
