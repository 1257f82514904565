package dev.cairn.runner.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import dev.cairn.plan.Work.Repeat;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.RunnerProcess;
import dev.cairn.runner.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A table is walked again while its verify query is false. */
class RepeatTest {
    private static final String ONCE_EACH = "UPDATE t SET n = n + 1 WHERE n = 0 AND :batch";
    private static final String ALL_DONE = "SELECT NOT EXISTS (SELECT FROM t WHERE n = 0)";
    private static final String WALKS =
            "SELECT earlier_walks || ' ' || earlier_rows || ' ' || (SELECT sum(rows) FROM cairn.range) FROM cairn.walk";

    private final TestDatabase database = TestDatabase.create();
    private final RunnerFolder folder = new RunnerFolder(database);

    /** Two seconds for four hundred rows: there is something to interrupt. */
    private final Settings.Pace crawling = new Settings.Pace(50, 20, 20, 20, 200L);

    @AfterEach
    void close() {
        database.close();
    }

    private void table(int rows) {
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0, number text, stubborn bool)",
                "INSERT INTO t SELECT g, 0, g FROM generate_series(1, " + rows + ") g");
    }

    private RunnerFolder plan(String sql, String verify, @Nullable Long skipErrors) {
        return plan(new Work.Over("t", List.of(), null), sql, verify, skipErrors);
    }

    private RunnerFolder plan(Work.Over over, String sql, String verify, @Nullable Long skipErrors) {
        return folder.plan(
                new Work.Backfill(over, sql, verify, skipErrors, null, Repeat.UntilVerified),
                MigrationKind.DataMigration);
    }

    @Test
    void rowsWithRandomKeysThatArriveBehindTheCursorAreDoneInTheNextWalk() {
        // given an application that adds a row under a random key for every row that is walked
        database.execute(
                "CREATE TABLE t (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), n int NOT NULL DEFAULT 0, old bool)",
                "INSERT INTO t (old) SELECT true FROM generate_series(1, 500)",
                "CREATE FUNCTION arrive() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN INSERT INTO t DEFAULT VALUES; RETURN null; END'",
                "CREATE TRIGGER arrive AFTER UPDATE ON t FOR EACH ROW WHEN (old.old) EXECUTE FUNCTION arrive()");
        folder.pace(new Settings.Pace(60_000, 20, 20, 20, null));

        // when it is walked until nothing is left
        var outcome = plan(ONCE_EACH, ALL_DONE, null).run();

        // then a second walk has met those that the first one could not meet, and the rows of both are counted
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                .containsExactly("1: 1000");
        var progress = outcome.progress();
        assertThat(progress.rows()).isEqualTo(1000);
        assertThat(progress.walk()).isEqualTo(2);
        assertThat(progress.walked()).isEqualTo(1000);
        assertThat(progress.estimatedRows()).isEqualTo(1000);
        assertThat(outcome.message()).startsWith("changed 1000 rows, walked 2 times, at last 1000, ");
        assertThat(database.value("SELECT earlier_walks || ' ' || (earlier_rows BETWEEN 501 AND 999) FROM cairn.walk"))
                .isEqualTo("1 true");
        assertThat(database.query("SELECT event || split_part(detail, ':', 1) FROM cairn.event WHERE event LIKE 'Walk%'"
                        + " ORDER BY id OFFSET 1"))
                .containsExactly("WalkBegunwalk 2");

        // and what is applied tells the same to whoever asks again
        var again = folder.run();
        assertThat(again.reason()).isEqualTo(Reason.AlreadyApplied);
        assertThat(again.progress().rows()).isEqualTo(1000);
        assertThat(again.progress().walk()).isEqualTo(2);
    }

    @Test
    void aWalkThatIsVerifiedIsTheOnlyOne() {
        table(20);
        var outcome = plan(ONCE_EACH, ALL_DONE, null).run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(outcome.progress().walk()).isNull();
        assertThat(database.value(WALKS)).isEqualTo("0 0 20");
    }

    @Test
    void aRunnerThatIsKilledBetweenTwoWalksOrInTheSecondOneIsResumedExactly() throws SQLException {
        // given a walk behind which a row has arrived, and a transaction that is still writing
        table(400);
        plan(ONCE_EACH, ALL_DONE, null).pace(crawling);
        var first = folder.start("pod-1");
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> walked() >= 40);
        database.execute("INSERT INTO t VALUES (-1)");
        try (var application = database.connect()) {
            application.setAutoCommit(false);
            application.createStatement().execute("INSERT INTO t SELECT g FROM generate_series(-300, -2) g");

            // when the runner is killed after verify was false, before another walk is in the ledger
            awaitOutput(first, "waits for older transactions to end");
            first.kill();
            assertThat(database.value(WALKS)).isEqualTo("0 0 400");
            application.commit();
        }

        // and the next one in the middle of the second walk
        var second = folder.start("pod-2");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !database.query("SELECT 1 FROM cairn.walk WHERE earlier_walks = 1")
                                .isEmpty()
                        && walked() >= 40);
        second.kill();
        long rows = Long.parseLong(database.value("SELECT sum(rows) FROM cairn.range"));
        assertThat(rows).isBetween(40L, 299L);

        // then the third one goes on from there, and no row is counted twice
        var outcome = folder.pace(new Settings.Pace(50, 20, 20, 500, null)).run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.value(WALKS)).isEqualTo("1 400 300");
        assertThat(outcome.progress().rows()).isEqualTo(700);
        assertThat(outcome.progress().walked()).isEqualTo(700);
        assertThat(outcome.progress().attempts()).isEqualTo(3);
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
    }

    @Test
    void twoWalksInARowThatChangeNothingAreTheEndUntilAPersonHasLooked() {
        // given a row that the statement leaves alone and that verify checks
        table(20);
        database.execute("UPDATE t SET stubborn = true, n = 7 WHERE id = 13");
        var outcome = plan(ONCE_EACH, "SELECT NOT EXISTS (SELECT FROM t WHERE n = 0 OR stubborn)", null)
                .run();

        // then it fails after the one that changed rows and two that did not
        assertThat(outcome.reason()).isEqualTo(Reason.VerifyFailed);
        assertThat(outcome.message())
                .startsWith("two walks in a row changed no row, and verify still returned false: sql does not update");
        assertThat(outcome.progress().walk()).isEqualTo(3);
        assertThat(outcome.progress().rows()).isEqualTo(19);
        assertThat(database.value("SELECT state FROM cairn.migration")).isEqualTo("failed");

        // and a retry without a cure says so again, though it has walked once more
        assertThat(folder.run().message()).startsWith("two walks in a row");
        assertThat(database.value(WALKS)).isEqualTo("3 19 0");

        // and once the row is such that the statement can cure it, a retry walks and is done
        database.execute("UPDATE t SET stubborn = null, n = 0 WHERE stubborn");
        var cured = folder.run();
        assertThat(cured.reason()).as(cured.message()).isEqualTo(Reason.Applied);
        assertThat(cured.progress().rows()).isEqualTo(20);
    }

    @Test
    void onlyFalseAsksForAnotherWalk() {
        table(20);
        var outcome = plan(ONCE_EACH, "SELECT null::bool", null).run();
        assertThat(outcome.message()).startsWith("verify returned null instead of true");
        assertThat(database.value(WALKS)).isEqualTo("0 0 20");
    }

    @Test
    void aRowThatEachWalkPassesOverIsOneRow() {
        // given a row that fails in every walk, where one may
        table(20);
        database.execute("UPDATE t SET number = 'x' WHERE id = 13");
        var outcome = plan("UPDATE t SET n = number::int WHERE n = 0 AND :batch", ALL_DONE, 1L)
                .run();
        assertThat(outcome.message()).startsWith("two walks in a row changed no row");
        assertThat(outcome.progress().walk()).isEqualTo(3);
        assertThat(outcome.progress().skipped()).isEqualTo(1);
        assertThat(database.query("SELECT key[1] FROM cairn.skipped")).containsExactly("13");
    }

    @Test
    void theQueryThatGivesTheKeysIsAskedForEachWalk() {
        // given a row that comes while the first list is walked
        table(20);
        database.execute(
                "CREATE FUNCTION arrive() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN INSERT INTO t VALUES (-1); RETURN null; END'",
                "CREATE TRIGGER arrive AFTER UPDATE ON t FOR EACH ROW WHEN (old.id = 13) EXECUTE FUNCTION arrive()");
        var over = new Work.Over("t", List.of(), null, "SELECT id FROM t WHERE n = 0");
        var outcome = plan(over, "UPDATE t SET n = n + 1 WHERE :batch", ALL_DONE, null)
                .run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                .containsExactly("1: 21");
        assertThat(outcome.progress().walk()).isEqualTo(2);
        assertThat(outcome.progress().estimatedRows()).isEqualTo(1);
        assertThat(database.value(WALKS)).isEqualTo("1 20 1");
    }

    @Test
    void anotherPlanIsRefusedInTheSecondWalkThoughThatOneHasDoneNothingYet() {
        // given a second walk that was interrupted before its first batch
        table(20);
        plan(ONCE_EACH, "SELECT false", null).run();
        database.execute("UPDATE cairn.migration SET state = 'running'", "UPDATE cairn.range SET batches = 0");

        // when another plan comes under its name
        var outcome = plan(ONCE_EACH + " AND true", ALL_DONE, null).run();

        // then the rows of the first walk are not forgotten
        assertThat(outcome.reason()).isEqualTo(Reason.ChecksumMismatch);
        assertThat(outcome.message()).contains("has changed rows by it");
    }

    private long walked() {
        return database.query("SELECT walked FROM cairn.range").stream()
                .mapToLong(Long::parseLong)
                .sum();
    }

    private static void awaitOutput(RunnerProcess runner, String words) {
        await().atMost(Duration.ofMinutes(1)).until(() -> runner.output().contains(words) || !runner.isAlive());
        assertThat(runner.output()).contains(words);
    }
}
