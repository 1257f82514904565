package dev.cairn.runner;

import dev.cairn.plan.Identity;
import dev.cairn.plan.Json;
import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A pod's file system as the operator would mount it, and the runner on it: in this JVM or as a process. */
public final class RunnerFolder {
    private final Path root;
    private final TestDatabase database;
    private String hash = "none";

    public RunnerFolder(TestDatabase database) {
        try {
            this.root = Files.createTempDirectory("cairn-runner");
            Files.createDirectories(at(Mounts.TERMINATION_LOG).getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.database = database;
        database.writeSecret(at(Mounts.SECRET));
        write(database.settings());
    }

    /** A backfill along the primary key without verify. */
    public RunnerFolder backfill(String table, String sql) {
        return backfill(new Work.Over(table, List.of(), null), sql, null);
    }

    public RunnerFolder backfill(Work.Over over, String sql, @Nullable String verify) {
        return plan(new Work.Backfill(over, sql, verify), MigrationKind.DataMigration);
    }

    /** Mounts a plan of this work under the name {@code it} in scope {@code test}. */
    public RunnerFolder plan(Work work, MigrationKind kind) {
        return plan(new Plan(new Identity("test", kind, "it"), work));
    }

    /** Mounts a dry run of a backfill. */
    public RunnerFolder dryRun(Work.Backfill work, boolean execute) {
        return plan(new Plan(new Identity("test", MigrationKind.DataMigration, "it"), work, new Plan.DryRun(execute)));
    }

    /** Mounts a plan. */
    public RunnerFolder plan(Plan plan) {
        hash = plan.hash();
        try {
            Files.createDirectories(at(Mounts.PLAN));
            try (OutputStream out =
                    new GZIPOutputStream(Files.newOutputStream(at(Mounts.PLAN).resolve(Mounts.planPart(0))))) {
                out.write(plan.toJson());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** A pod with a user's container: the runner in it is the one beside. */
    public RunnerFolder container(Work.Container work) {
        try {
            Files.createDirectories(at(Mounts.RUN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return plan(work, MigrationKind.DataMigration);
    }

    /** The user's container as a process of its own, started by the launcher. */
    public ContainerProcess startContainer(List<String> command) {
        return ContainerProcess.start(root, command);
    }

    /** Mounts settings; a running runner sees them with its next batch. */
    public RunnerFolder write(Settings settings) {
        try {
            var folder = Files.createDirectories(at(Mounts.SETTINGS));
            var next = Files.writeString(folder.resolve("..next"), Json.write(settings));
            Files.move(next, folder.resolve(Mounts.SETTINGS_FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public RunnerFolder pace(Settings.Pace pace) {
        var settings = database.settings();
        return write(new Settings(settings.connection(), settings.locks(), pace));
    }

    /** Changes a key of the mounted Secret. */
    public RunnerFolder secret(String key, String value) {
        try {
            Files.writeString(at(Mounts.SECRET).resolve(key), value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Runs to the end in this JVM. */
    public Outcome run() {
        return main("pod-1").run();
    }

    /** A runner in this JVM, not started. */
    public RunnerInside main(String pod) {
        return new RunnerInside(new Main(new RunnerEnvironment(root, 0, pod, "runner:test"), hash));
    }

    /** A runner as a process of its own. */
    public RunnerProcess start(String pod) {
        return RunnerProcess.start(root, pod, hash);
    }

    /** The same with these options of the JVM. */
    public RunnerProcess start(String pod, List<String> options) {
        return RunnerProcess.start(root, pod, hash, options);
    }

    /** The variables of a runner on it, for who starts one in another way. */
    public Map<String, String> environment(String pod) {
        return RunnerProcess.environment(root, pod);
    }

    public String hash() {
        return hash;
    }

    /** One of the paths of {@link Mounts}, here. */
    public Path at(Path mount) {
        return root.resolve(mount.toString().substring(1));
    }
}
