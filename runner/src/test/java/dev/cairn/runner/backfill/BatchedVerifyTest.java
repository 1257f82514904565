package dev.cairn.runner.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import dev.cairn.plan.Work.Repeat;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A verify query with the placeholder is asked batch by batch. */
class BatchedVerifyTest {
    private final TestDatabase database = TestDatabase.create();
    private final RunnerFolder folder = new RunnerFolder(database).pace(new Settings.Pace(60_000, 100, 100, 100, null));

    @AfterEach
    void close() {
        database.close();
    }

    private void table() {
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT generate_series(1, 1000)");
    }

    private Outcome run(String sql, String verify) {
        return folder.backfill(new Work.Over("t", List.of(), "m"), sql, verify).run();
    }

    @Test
    void theStretchInWhichItIsFalseIsNamed() {
        table();
        var outcome = run(
                "UPDATE t m SET n = 1 WHERE id <> 555 AND :batch",
                "SELECT NOT EXISTS (SELECT FROM t m WHERE n = 0 AND :batch)");
        assertThat(outcome.reason()).isEqualTo(Reason.VerifyFailed);
        assertThat(outcome.message())
                .startsWith("verify returned false for public.t (after 500 up to 600) instead of true");
        assertThat(database.value("SELECT count(*) FROM t WHERE n = 1")).isEqualTo("999");
    }

    @Test
    void aCompositeKeyIsVerifiedInItsStretchesToo() {
        // given rows of which one is not done
        database.execute(
                "CREATE TABLE t (a text COLLATE \"C\", b int, n int NOT NULL DEFAULT 0, PRIMARY KEY (a, b))",
                "INSERT INTO t SELECT x, g FROM unnest('{a,b,c}'::text[]) x, generate_series(1, 150) g");
        var sql = "UPDATE t m SET n = 1 WHERE (a <> 'b' OR b <> 77) AND :batch";
        var outcome = run(sql, "SELECT bool_and(n = 1) FROM t m WHERE :batch");
        assertThat(outcome.message())
                .startsWith("verify returned false for public.t (after (b, 50) up to (b, 150)) instead of true");

        // then it is true once that one is done
        database.execute("UPDATE t SET n = 1");
        outcome = folder.run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
    }

    @Test
    void anEndWhoseRowsHaveGoneIsNotAskedAbout() {
        // given an aggregate, which gives a null over no rows, and a statement that leaves none at the end
        table();
        var outcome =
                run("DELETE FROM t m WHERE id > 900 AND :batch", "SELECT bool_and(id <= 900) FROM t m WHERE :batch");
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
    }

    @Test
    void listedKeysAreVerifiedInTheirBatches() {
        table();
        var over = new Work.Over("t", List.of(), null, "SELECT id FROM t WHERE id % 5 = 0");
        var verify = "SELECT NOT EXISTS (SELECT FROM t WHERE (n = 0) AND :batch)";
        var outcome = folder.backfill(over, "UPDATE t SET n = 1 WHERE id <> 700 AND :batch", verify)
                .run();
        assertThat(outcome.message())
                .startsWith("verify returned false for public.t (100 keys up to 1000) instead of true");
    }

    @Test
    void aQueryThatIsNotConfinedIsRefusedBeforeTheWork() {
        table();
        var unconfined = run(
                "UPDATE t m SET n = 1 WHERE :batch",
                "SELECT NOT EXISTS (SELECT FROM t m WHERE n = 0 OR n = 2 AND :batch)");
        assertThat(unconfined.reason()).isEqualTo(Reason.InvalidSpec);
        assertThat(unconfined.message())
                .startsWith("verify: :batch does not confine the statement")
                .contains("Put parentheses");
        var number = run("UPDATE t m SET n = 1 WHERE :batch", "SELECT count(*) FROM t m WHERE n = 0 AND :batch");
        assertThat(number.message()).isEqualTo("verify: one query that returns one boolean");
        var otherName = run("UPDATE t m SET n = 1 WHERE :batch", "SELECT bool_and(n = 1) FROM t WHERE :batch");
        assertThat(otherName.message()).startsWith("verify: ");
        assertThat(otherName.sqlState()).isEqualTo("42P01");
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("0");
    }

    @Test
    void itsProgressIsTold() throws SQLException {
        // given a verification that cannot go on beyond the middle
        table();
        folder.backfill(
                new Work.Over("t", List.of(), null),
                "UPDATE t SET n = 1 WHERE :batch",
                "SELECT coalesce(bool_and(pg_advisory_xact_lock_shared(7) IS NOT NULL), true) FROM t"
                        + " WHERE id > 500 AND :batch");
        var main = folder.main("pod-1");
        try (var application = database.connect()) {
            application.createStatement().execute("SELECT pg_advisory_lock(7)");
            var run = CompletableFuture.supplyAsync(main::run);

            // then it says how many of the walked keys it has seen
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> Long.valueOf(500).equals(main.progress().verified()));
            assertThat(main.progress().activity()).isEqualTo(Activity.Verifying);
            assertThat(main.progress().walked()).isEqualTo(1000);

            application.createStatement().execute("SELECT pg_advisory_unlock(7)");
            var outcome = run.join();
            assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
            assertThat(outcome.progress().verified()).isNull();
        }
    }

    @Test
    void aStretchInWhichItIsFalseIsReasonEnoughToWalkAgain() {
        // given a row that comes behind the walk
        table();
        database.execute(
                "CREATE FUNCTION arrive() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN INSERT INTO t VALUES (-1); RETURN null; END'",
                "CREATE TRIGGER arrive AFTER UPDATE ON t FOR EACH ROW WHEN (old.id = 777) EXECUTE FUNCTION arrive()");
        var over = new Work.Over("t", List.of(), null);
        var outcome = folder.plan(
                        new Work.Backfill(
                                over,
                                "UPDATE t SET n = n + 1 WHERE n = 0 AND :batch",
                                "SELECT bool_and(n = 1) FROM t WHERE :batch",
                                null,
                                null,
                                Repeat.UntilVerified),
                        MigrationKind.DataMigration)
                .run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(outcome.progress().rows()).isEqualTo(1001);
        assertThat(outcome.progress().walk()).isEqualTo(2);
    }
}
