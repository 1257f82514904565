package dev.cairn.runner.ledger;

import dev.cairn.plan.Identity;
import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * A database with the ledger that a runner of version 0.1 left, recorded in {@code version-0.1.sql}: migrations that were
 * applied, that failed, and that were killed half way. And their plans, as they were.
 */
final class RecordedLedger implements AutoCloseable {
    static final Work.Over OVER = new Work.Over("t", List.of("id"), "x");
    static final Work.Schema CREATE = steps(
            "CREATE TABLE t (id bigint PRIMARY KEY, a int NOT NULL DEFAULT 0, b int NOT NULL DEFAULT 0, "
                    + "c int NOT NULL DEFAULT 0);\n-- three hundred rows\n"
                    + "INSERT INTO t SELECT g FROM generate_series(1, 300) g;\n",
            "ALTER TABLE t ADD COLUMN mood text;\n-- beside traffic\nCREATE INDEX CONCURRENTLY t_mood ON t (mood);\n"
                    + "COMMENT ON TABLE t IS 'things';\nCOMMENT ON COLUMN t.a IS 'one'",
            "CREATE INDEX CONCURRENTLY t_a ON t (a)",
            "-- nothing here yet\n");
    static final Work.Backfill BACKFILL_DONE = new Work.Backfill(
            OVER,
            "UPDATE t x SET a = a + 1 WHERE :batch",
            "SELECT NOT EXISTS (SELECT FROM t WHERE a <> 1)",
            5L,
            List.of("SELECT false"),
            null);
    static final Work.Backfill BACKFILL_HALF = new Work.Backfill(
            OVER, "UPDATE t x SET b = b + 1 WHERE :batch", "SELECT NOT EXISTS (SELECT FROM t WHERE b <> 1)");
    static final Work.Once ONCE_DONE = new Work.Once(
            "UPDATE t SET mood = 'fine'; SELECT 1", "SELECT NOT EXISTS (SELECT FROM t WHERE mood IS NULL)");
    static final Work.Container CONTAINER_DONE =
            new Work.Container("shop/fill:1", List.of("true"), List.of(3), "SELECT true");

    final TestDatabase database = TestDatabase.create();

    RecordedLedger() {
        try (var recording = RecordedLedger.class.getResourceAsStream("/ledger/version-0.1.sql")) {
            if (recording == null) throw new IllegalStateException("no recording");
            database.execute(new String(recording.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Work.Schema steps(String... sql) {
        var steps = new ArrayList<Work.Step>();
        for (var step : sql) steps.add(new Work.Step(String.valueOf(steps.size() + 1), step));
        return new Work.Schema(steps);
    }

    static Plan plan(String name, Work work) {
        var kind = work instanceof Work.Schema ? MigrationKind.SchemaMigration : MigrationKind.DataMigration;
        return new Plan(new Identity("shop", kind, name), work);
    }

    /** A pod of this version for it. */
    RunnerFolder folder(String name, Work work) {
        var folder = new RunnerFolder(database)
                .pace(new Settings.Pace(50, 10, 10, 10, null, 1, Settings.Order.Plain))
                .plan(plan(name, work));
        try {
            if (work instanceof Work.Container) Files.createDirectories(folder.at(Mounts.RUN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    /** A start of this version. */
    Outcome run(String name, Work work) {
        return folder(name, work).run();
    }

    /** A start of this version with the user's container beside it. */
    Outcome run(String name, Work.Container work) {
        var folder = folder(name, (Work) work);
        var beside = folder.start("pod-1");
        try {
            return folder.startContainer(work.command()).outcome();
        } finally {
            beside.terminate();
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
