package dev.cairn.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cairn.plan.Checksum;
import dev.cairn.plan.Identity;
import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import dev.cairn.runner.container.ContainerEngine;
import dev.cairn.runner.container.Handover;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.end.Stop;
import dev.cairn.runner.ledger.Ledger;
import dev.cairn.runner.ledger.WorkerPod;
import dev.cairn.runner.report.Tracker;
import dev.cairn.runner.run.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cluster has a dependency as applied; the database decides whether it is. */
class DependencyLostTest {
    private static final Identity BACKFILL = new Identity("test", MigrationKind.DataMigration, "backfill");
    private static final String DROP = "ALTER TABLE t DROP COLUMN old";

    private final TestDatabase database = TestDatabase.create();

    @BeforeEach
    void aTableWithAColumnThatIsBackfilledBeforeItIsDropped() {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, old text, new text)", "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Plan backfill() {
        return new Plan(
                BACKFILL,
                new Work.Backfill(new Work.Over("t", List.of(), null), "UPDATE t SET new = old WHERE :batch", null));
    }

    private static Plan drop() {
        return new Plan(
                new Identity("test", MigrationKind.SchemaMigration, "drop-old"),
                new Work.Schema(List.of(new Work.Step("1", DROP))));
    }

    private static Outcome run(TestDatabase in, Plan plan, Identity... dependsOn) {
        var folder = new RunnerFolder(in).plan(plan);
        folder.write(in.settings().with(List.of(dependsOn)));
        return folder.run();
    }

    private static boolean hasColumn(TestDatabase in) {
        return in.value("SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'old'")
                .equals("1");
    }

    @Test
    void aColumnIsNotDroppedInAnOlderCopyWhoseRowsWereNeverBackfilled() {
        // given a copy of the database, and a backfill that is applied after the copy was made
        try (var older = database.copy()) {
            assertThat(run(database, backfill()).reason()).isEqualTo(Reason.Applied);

            // when the copy takes the place of the database, and the next migration begins there
            var refused = run(older, drop(), BACKFILL);

            // then nothing ran, not even its line in the ledger, and the message says what is missing and what to do
            assertThat(refused.reason()).isEqualTo(Reason.DependencyLost);
            assertThat(refused.reason().exitCode().code()).isEqualTo(65);
            assertThat(refused.message())
                    .contains("the ledger of scope test (schema cairn) does not have DataMigration/backfill")
                    .contains("not in the ledger")
                    .contains("run what is missing again");
            assertThat(hasColumn(older)).isTrue();
            assertThat(older.value("SELECT count(*) FROM cairn.migration")).isEqualTo("0");

            // and once the backfill ran there too, the same migration goes through
            assertThat(run(older, backfill()).reason()).isEqualTo(Reason.Applied);
            assertThat(run(older, drop(), BACKFILL).reason()).isEqualTo(Reason.Applied);
            assertThat(older.query("SELECT new FROM t ORDER BY id")).containsExactly("a", "b");
        }
    }

    @Test
    void aDependencyThatIsOnlyBegunOrFailedDoesNotCount() {
        run(database, backfill());
        database.execute("UPDATE cairn.migration SET state = 'running'");
        assertThat(run(database, drop(), BACKFILL).message()).contains("DataMigration/backfill (running)");
        database.execute("UPDATE cairn.migration SET state = 'failed'");
        assertThat(run(database, drop(), BACKFILL).message()).contains("DataMigration/backfill (failed)");
        assertThat(hasColumn(database)).isTrue();
    }

    @Test
    void aDependencyOfAnotherScopeIsInAnotherLedger() {
        var elsewhere = new Identity("other", MigrationKind.DataMigration, "backfill");
        assertThat(run(database, drop(), elsewhere).reason()).isEqualTo(Reason.Applied);
    }

    @Test
    void whatIsAppliedStaysSoWhateverBecameOfItsDependencies() {
        assertThat(run(database, drop()).reason()).isEqualTo(Reason.Applied);
        assertThat(run(database, drop(), BACKFILL).reason()).isEqualTo(Reason.AlreadyApplied);
    }

    @Test
    void aStartThatGoesOnIsCheckedToo() {
        // given a migration with a failed second step, and a first one that is done
        var plan = new Plan(
                new Identity("test", MigrationKind.SchemaMigration, "drop-old"),
                new Work.Schema(List.of(new Work.Step("1", "SELECT 1"), new Work.Step("2", "SELECT 1/0"))));
        assertThat(run(database, plan).reason()).isEqualTo(Reason.SqlError);

        // then its next start does not go on without the dependency
        assertThat(run(database, plan, BACKFILL).reason()).isEqualTo(Reason.DependencyLost);
    }

    @Test
    void sqlThatRunsOnceAndABackfillAreCheckedAlike() {
        var once = new Plan(
                new Identity("test", MigrationKind.DataMigration, "once"),
                new Work.Once("UPDATE t SET old = NULL", null));
        var walk = new Plan(
                new Identity("test", MigrationKind.DataMigration, "walk"),
                new Work.Backfill(new Work.Over("t", List.of(), null), "UPDATE t SET old = NULL WHERE :batch", null));
        assertThat(run(database, once, BACKFILL).reason()).isEqualTo(Reason.DependencyLost);
        assertThat(run(database, walk, BACKFILL).reason()).isEqualTo(Reason.DependencyLost);
        assertThat(database.query("SELECT old FROM t ORDER BY id")).containsExactly("a", "b");
    }

    @Test
    void aContainerIsNotLetLoose(@TempDir Path secret, @TempDir Path handover) {
        var work =
                new Work.Container("registry.example/app@sha256:" + "0".repeat(64), List.of("/app"), List.of(), null);
        var plan = new Plan(new Identity("test", MigrationKind.DataMigration, "app"), work);
        Settings settings = database.settings().with(List.of(BACKFILL));
        var run = new Run(
                plan,
                Checksum.of(plan),
                () -> settings,
                database.connector(secret, () -> settings),
                new Ledger("cairn", plan.migration(), new WorkerPod("pod-1", "image-1")),
                new Tracker(),
                new Stop());

        var refused = catchThrowableOfType(
                MigrationFailure.class, () -> new ContainerEngine(run, work, new Handover(handover)).run());

        assertThat(refused.reason()).isEqualTo(Reason.DependencyLost);
        assertThat(Files.exists(handover.resolve("begin.json"))).isFalse();
    }
}
