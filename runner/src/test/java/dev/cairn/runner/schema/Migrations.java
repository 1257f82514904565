package dev.cairn.runner.schema;

import dev.cairn.plan.Checksum;
import dev.cairn.plan.Identity;
import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.end.Stop;
import dev.cairn.runner.ledger.Ledger;
import dev.cairn.runner.ledger.WorkerPod;
import dev.cairn.runner.report.Tracker;
import dev.cairn.runner.run.Result;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.session.Connector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Assertions;

/** Starts migrations on a test's database, as runners would. */
final class Migrations {
    static final Settings.Locks SHORT = new Settings.Locks(100, 30_000);

    final TestDatabase database;
    private final Path secret = secretFolder();
    private Settings.Locks locks = SHORT;

    Migrations(TestDatabase database) {
        this.database = database;
    }

    private static Path secretFolder() {
        try {
            return Files.createTempDirectory("cairn-secret");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For those that start from now on. */
    void locks(long timeoutMillis, long retryForMillis) {
        locks = new Settings.Locks(timeoutMillis, retryForMillis);
    }

    /** One start, with what a test needs to look at it and to stop it. */
    record Started(CompletableFuture<Result> result, Tracker progress, Stop stop) {}

    /** Runs in this thread. */
    Result schema(String name, String... steps) throws SQLException {
        var run = run(name, steps(steps), new Tracker(), new Stop());
        return new SchemaEngine(run, (Work.Schema) run.plan().work()).run();
    }

    /** Runs in this thread, and fails. */
    MigrationFailure failing(String name, String... steps) {
        return Assertions.catchThrowableOfType(MigrationFailure.class, () -> schema(name, steps));
    }

    /** Runs in a thread of its own. */
    Started start(String name, String... steps) {
        var progress = new Tracker();
        var stop = new Stop();
        var run = run(name, steps(steps), progress, stop);
        var result = new CompletableFuture<Result>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(new SchemaEngine(run, (Work.Schema) run.plan().work()).run());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return new Started(result, progress, stop);
    }

    Result once(String name, String sql, String verify) throws SQLException {
        var work = new Work.Once(sql, verify);
        return new OnceEngine(run(name, work, new Tracker(), new Stop()), work).run();
    }

    List<String> ledger(String name) {
        return database.query("SELECT state FROM cairn.migration WHERE name = '" + name + "'"
                + " UNION ALL (SELECT step_name || ' ' || state FROM cairn.step WHERE name = '" + name
                + "' ORDER BY ordinal)");
    }

    /** What a start is given. */
    Run run(String name, String... steps) {
        return run(name, steps(steps), new Tracker(), new Stop());
    }

    private Run run(String name, Work work, Tracker progress, Stop stop) {
        var kind = work instanceof Work.Schema ? MigrationKind.SchemaMigration : MigrationKind.DataMigration;
        var plan = new Plan(new Identity("test", kind, name), work);
        var base = database.settings();
        var settings = new Settings(base.connection(), locks, base.pace());
        database.writeSecret(secret);
        // Named as in a pod: by its name a start recognizes the session of an earlier one.
        var connector = new Connector(secret, Path.of("/none"), () -> settings, Run.applicationName(plan.migration()));
        var ledger = new Ledger("cairn", plan.migration(), new WorkerPod("pod-1", "image-1"));
        return new Run(plan, Checksum.of(plan), () -> settings, connector, ledger, progress, stop);
    }

    private static Work.Schema steps(String... sql) {
        var steps = new ArrayList<Work.Step>();
        for (var step : sql) steps.add(new Work.Step(String.valueOf(steps.size() + 1), step));
        return new Work.Schema(steps);
    }
}
