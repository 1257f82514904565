package dev.cairn.runner.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackfillTest {
    private final TestDatabase database = TestDatabase.create();
    private final RunnerFolder folder = new RunnerFolder(database);

    @AfterEach
    void close() {
        database.close();
    }

    private void table(int rows) {
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT g * 3 FROM generate_series(1, " + rows + ") g");
    }

    @Test
    void everyRowIsChangedOnceAndTheLedgerSaysSo() {
        // given a table with gaps in its ids
        table(2500);

        // when a backfill runs over it
        var outcome =
                folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").run();

        // then each row is changed once
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
        assertThat(outcome.progress().rows()).isEqualTo(2500);
        assertThat(outcome.progress().walked()).isEqualTo(2500);
        assertThat(outcome.progress().ranges().getFirst().cursor()).isEqualTo("7500");
        assertThat(database.value("SELECT state || ' ' || attempts FROM cairn.migration"))
                .isEqualTo("applied 1");
        assertThat(database.value("SELECT state || ' ' || rows || ' ' || walked FROM cairn.range"))
                .isEqualTo("done 2500 2500");
        assertThat(database.query("SELECT event FROM cairn.event ORDER BY id"))
                .containsExactly("Started", "WalkBegun", "Applied");
    }

    @Test
    void whatIsAppliedIsNotTouchedAgain() {
        // given a backfill that ran
        table(10);
        folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").run();
        var before = database.query(
                "SELECT xmin || ':' || xmax FROM t UNION ALL SELECT xmin || ':' || xmax FROM cairn.migration"
                        + " UNION ALL SELECT xmin || ':' || xmax FROM cairn.range");

        // when it is started again
        var outcome = folder.run();

        // then nothing was written, not even a lock on the ledger's line
        assertThat(outcome.reason()).isEqualTo(Reason.AlreadyApplied);
        assertThat(outcome.progress().rows()).isEqualTo(10);
        assertThat(database.query(
                        "SELECT xmin || ':' || xmax FROM t UNION ALL SELECT xmin || ':' || xmax FROM cairn.migration"
                                + " UNION ALL SELECT xmin || ':' || xmax FROM cairn.range"))
                .isEqualTo(before);
    }

    @Test
    void anotherPlanUnderTheSameNameIsRefusedOnceItIsApplied() {
        table(10);
        folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").run();

        var outcome =
                folder.backfill("t", "UPDATE t SET n = n + 2 WHERE :batch").run();

        assertThat(outcome.reason()).isEqualTo(Reason.ChecksumMismatch);
        assertThat(outcome.message())
                .contains("DataMigration/it was applied at")
                .contains("restore that one, or add a new migration");
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
    }

    @Test
    void aFailedPlanMayBeEditedAndGoesOnFromItsCheckpoint() {
        // given a backfill that fails at one row in the middle
        table(1000);
        var failed = folder.backfill("t", "UPDATE t SET n = n + 1 / (id - 1500)::int * 0 + 1 WHERE :batch")
                .run();
        assertThat(failed.reason()).as(failed.message()).isEqualTo(Reason.SqlError);
        assertThat(failed.sqlState()).isEqualTo("22012");
        assertThat(failed.message()).isEqualTo("sql, in the row 1500 of public.t: division by zero");
        assertThat(database.value("SELECT state FROM cairn.migration")).isEqualTo("failed");
        assertThat(database.value("SELECT error FROM cairn.migration")).isEqualTo(failed.message());

        // when it is corrected
        var outcome =
                folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").run();

        // then the rows before the checkpoint are not changed again
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
        assertThat(outcome.progress().attempts()).isEqualTo(2);
    }

    @Test
    void anEmptyTableIsDoneAtOnce() {
        table(0);
        var outcome =
                folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(outcome.progress().estimatedRows()).isZero();
    }

    @Test
    void rowsThatComeBehindTheEndAreLeftAlone() {
        // given a statement that adds a row beyond the end for every row that it changes
        table(300);
        var outcome = folder.backfill(
                        new Work.Over("t", List.of(), "m"),
                        "WITH changed AS (UPDATE t m SET n = m.n + 1 WHERE :batch RETURNING id) "
                                + "INSERT INTO t SELECT id + 1000000 FROM changed",
                        null)
                .run();

        // then the walk still ends where it ended when it began
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT DISTINCT n FROM t WHERE id <= 900")).containsExactly("1");
        assertThat(database.query("SELECT DISTINCT n FROM t WHERE id > 900")).containsExactly("0");
    }

    @Test
    void aVerifyThatIsFalseFailsAndKeepsTheWork() {
        table(20);
        var over = new Work.Over("t", List.of(), null);
        var outcome = folder.backfill(over, "UPDATE t SET n = n + 1 WHERE :batch", "SELECT false")
                .run();
        assertThat(outcome.reason()).isEqualTo(Reason.VerifyFailed);
        assertThat(outcome.message()).startsWith("verify returned false instead of true");
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
        assertThat(database.value("SELECT state FROM cairn.migration")).isEqualTo("failed");
    }

    @Test
    void aVerifyThatIsCorrectedIsAskedAgainAndNoRowIsMetAgain() {
        table(20);
        var over = new Work.Over("t", List.of(), null);
        var sql = "UPDATE t SET n = n + 1 WHERE :batch";
        assertThat(folder.backfill(over, sql, "SELECT false").run().reason()).isEqualTo(Reason.VerifyFailed);

        var corrected = folder.backfill(over, sql, "SELECT true; -- at last").run();
        assertThat(corrected.reason()).as(corrected.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
    }

    @Test
    void aStatementThatIsCorrectedAfterTheWalkMeetsEveryRow() {
        table(20);
        var over = new Work.Over("t", List.of(), null);
        var verify = "SELECT bool_and(n = 2) FROM t";
        var first =
                folder.backfill(over, "UPDATE t SET n = 1 WHERE :batch", verify).run();
        assertThat(first.reason()).isEqualTo(Reason.VerifyFailed);

        var corrected =
                folder.backfill(over, "UPDATE t SET n = 2 WHERE :batch", verify).run();
        assertThat(corrected.reason()).as(corrected.message()).isEqualTo(Reason.Applied);
    }

    @Test
    void aVerifyMustGiveOneBoolean() {
        table(1);
        var over = new Work.Over("t", List.of(), null);
        // what can be known before the work is known before the work
        for (var query : List.of("SELECT 1", "SELECT true, true", "SELECT true; SELECT true")) {
            var outcome = folder.backfill(over, "UPDATE t SET n = 1 WHERE :batch", query)
                    .run();
            assertThat(outcome.reason()).as(query).isEqualTo(Reason.InvalidSpec);
        }
        var unreadable = folder.backfill(over, "UPDATE t SET n = 1 WHERE :batch", "SELECT nothing FROM t")
                .run();
        assertThat(unreadable.sqlState()).isEqualTo("42703");
        assertThat(database.value("SELECT n FROM t")).isEqualTo("0");

        for (var query : List.of("SELECT true WHERE false", "SELECT null::bool")) {
            var outcome = folder.backfill(over, "UPDATE t SET n = 1 WHERE :batch", query)
                    .run();
            assertThat(outcome.reason()).as(query).isEqualTo(Reason.VerifyFailed);
        }
        var writes = folder.backfill(
                        over, "UPDATE t SET n = 1 WHERE :batch", "WITH d AS (DELETE FROM t RETURNING 1) SELECT true")
                .run();
        assertThat(writes.reason()).isEqualTo(Reason.SqlError);
        assertThat(database.value("SELECT count(*) FROM t")).isEqualTo("1");
    }

    @Test
    void rowsThatArriveBehindTheCursorAreForVerifyToFind() {
        // given random keys, and an application that adds a row before all others when the last ones are being changed
        database.execute(
                "CREATE TABLE t (id uuid PRIMARY KEY, mood text)",
                "INSERT INTO t SELECT gen_random_uuid() FROM generate_series(1, 1000)",
                "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES"
                        + " ('00000000-0000-0000-0000-000000000001'); RETURN NULL; END $$",
                "CREATE FUNCTION is_last(id uuid) RETURNS boolean LANGUAGE sql AS"
                        + " 'SELECT is_last.id = (SELECT t.id FROM t ORDER BY t.id DESC LIMIT 1)'",
                "CREATE TRIGGER late AFTER UPDATE ON t FOR EACH ROW WHEN (is_last(new.id)) EXECUTE FUNCTION late()");
        var outcome = folder.backfill(
                        new Work.Over("t", List.of(), null),
                        "UPDATE t SET mood = 'neutral' WHERE mood IS NULL AND :batch",
                        "SELECT NOT EXISTS (SELECT FROM t WHERE mood IS NULL)")
                .run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.VerifyFailed);
        assertThat(database.query("SELECT id FROM t WHERE mood IS NULL"))
                .containsExactly("00000000-0000-0000-0000-000000000001");
    }

    @Test
    void anotherTableUnderTheSameNameIsNotTakenForTheFirst() {
        // given a walk that failed in its middle
        table(1000);
        folder.backfill("t", "UPDATE t SET n = n + 1 / (CASE id WHEN 1500 THEN 0 ELSE 1 END) WHERE :batch")
                .run();
        assertThat(database.value("SELECT sum(n) > 0 FROM t")).isEqualTo("t");

        // when another table takes the name
        database.execute(
                "ALTER TABLE t RENAME TO old",
                "CREATE TABLE t (LIKE old INCLUDING ALL)",
                "INSERT INTO t SELECT id, 0 FROM old");
        folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch");
        var outcome = folder.run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.InvalidSpec);
        assertThat(outcome.message()).contains("another table has this name now");
        assertThat(database.value("SELECT max(n) FROM t")).isEqualTo("0");

        // and when the first one is back, it goes on where it was
        database.execute("DROP TABLE t", "ALTER TABLE old RENAME TO t");
        assertThat(folder.run().reason()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
    }

    @Test
    void aKeyThatIsNotNullOnlyFromNowOnIsRefused() {
        assumeTrue(
                Integer.parseInt(database.value("SHOW server_version_num")) >= 180_000,
                "NOT NULL has NOT VALID from PostgreSQL 18 on");
        // given a null from before
        database.execute(
                "CREATE TABLE t (a int, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t VALUES (NULL), (1), (2)",
                "CREATE UNIQUE INDEX ON t (a)",
                "ALTER TABLE t ADD CONSTRAINT filled NOT NULL a NOT VALID");
        var over = new Work.Over("t", List.of("a"), null);
        var outcome = folder.backfill(over, "UPDATE t SET n = n + 1 WHERE :batch", null)
                .run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.InvalidSpec);
        assertThat(outcome.message()).contains("no usable unique index on exactly [a]");

        // when it is validated
        database.execute("DELETE FROM t WHERE a IS NULL", "ALTER TABLE t VALIDATE CONSTRAINT filled");
        assertThat(folder.run().reason()).isEqualTo(Reason.Applied);
    }

    @Test
    void aWalkInAnOrderThatHasChangedSinceIsRefused() {
        // given a walk over texts that failed in its middle
        database.execute(
                "CREATE TABLE t (id text COLLATE \"de-x-icu\" PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT 'k' || g FROM generate_series(100, 999) g");
        folder.backfill("t", "UPDATE t SET n = n + 1 / (CASE id WHEN 'k500' THEN 0 ELSE 1 END) WHERE :batch")
                .run();
        assertThat(database.value("SELECT sum(n) > 0 FROM t")).isEqualTo("t");

        // when the next start finds the collation in another version, as after an upgrade of the operating system
        database.execute("UPDATE cairn.walk SET collation_versions = '{1.2.3}'");
        var outcome =
                folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").run();

        // then what comes after the cursor may not be what came after it then
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.InvalidSpec);
        assertThat(outcome.message()).contains("cannot continue").contains("(version 1.2.3), now it is");
        assertThat(database.value("SELECT max(n) FROM t")).isEqualTo("1");
    }

    @Test
    void aPlaceholderThatDoesNotConfineIsRefusedBeforeAnythingIsChanged() {
        table(10);
        var outcome = folder.backfill("t", "UPDATE t SET n = n + 1 WHERE id > 5 OR id > 7 AND :batch")
                .run();
        assertThat(outcome.reason()).isEqualTo(Reason.InvalidSpec);
        assertThat(outcome.message()).contains("Put parentheses around the other conditions");
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("0");
    }

    @Test
    void aListOfTheBatchIsToBeConfinedWhereItIsUsedToo() {
        table(300);
        var over = new Work.Over("t", List.of(), null);
        var list =
                "WITH b AS (SELECT id FROM t WHERE :batch FOR UPDATE) UPDATE t SET n = n + 1 FROM b WHERE t.id = b.id";

        // a join is no proof: it may be on another column, or on none
        var outcome = folder.backfill(over, list, null).run();
        assertThat(outcome.reason()).isEqualTo(Reason.InvalidSpec);
        assertThat(outcome.message()).endsWith("WHERE t.id = b.id AND :batch");

        // as the message says, it runs
        assertThat(folder.backfill(over, list + " AND :batch", null).run().reason())
                .isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
    }

    @Test
    void aDatabaseThatOnlyReadsForNowIsWaitedFor() {
        // given a database whose sessions may not write, as a provider makes it when the disk is full
        table(10);
        readOnlyByDefault(true);
        var main = folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").main("pod-1");
        var run = CompletableFuture.supplyAsync(main::run);

        // then the status says so, and the run goes on once that is over
        await().untilAsserted(() -> assertThat(main.progress().cause())
                .contains("default_transaction_read_only is on")
                .contains("(set for: database)"));
        readOnlyByDefault(false);
        assertThat(run.join().reason()).as(run.join().message()).isEqualTo(Reason.Applied);
    }

    private void readOnlyByDefault(boolean on) {
        TestDatabase.server(database)
                .execute("ALTER DATABASE " + database.name() + " SET default_transaction_read_only = " + on);
    }

    @Test
    void aStatementThatMakesItsOwnTransactionReadOnlyFails() {
        table(10);
        database.execute("CREATE FUNCTION closed(n int) RETURNS int LANGUAGE sql AS"
                + " $$ SELECT n + 1 FROM set_config('transaction_read_only', 'on', true) $$");
        var outcome =
                folder.backfill("t", "UPDATE t SET n = closed(n) WHERE :batch").run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.SqlError);
        assertThat(outcome.message())
                .contains("read-only transaction")
                .contains("the statement itself, or a function or trigger that it calls, sets transaction_read_only");
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("0");
    }

    @Test
    void aFailureIsInTheLedgerAlsoWhereTheFirstConnectionIsGone() {
        // given a statement that ends the connection of its own run, and then fails
        table(10);
        database.execute("CREATE FUNCTION fatal(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN"
                + " PERFORM pg_terminate_backend(worker_pid, 5000) FROM cairn.migration; RETURN 1 / (n * 0); END $$");
        var outcome =
                folder.backfill("t", "UPDATE t SET n = fatal(n) WHERE :batch").run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.SqlError);
        assertThat(database.value("SELECT state FROM cairn.migration")).isEqualTo("failed");
        assertThat(database.value("SELECT error FROM cairn.migration")).isEqualTo(outcome.message());
    }

    @Test
    void theServersPositionIsTheStatementsOwn() {
        table(10);
        var outcome =
                folder.backfill("t", "UPDATE t\n   SET nope = 1 WHERE :batch").run();
        assertThat(outcome.reason()).isEqualTo(Reason.SqlError);
        assertThat(outcome.sqlState()).isEqualTo("42703");
        assertThat(outcome.message())
                .isEqualTo("sql, line 2, column 8: column \"nope\" of relation \"t\" does not exist");
    }

    @Test
    void aTableWithoutAKeyNamesTheCandidates() {
        database.execute(
                "CREATE TABLE k (a int NOT NULL, b text NOT NULL, c int)",
                "CREATE UNIQUE INDEX k_a ON k (a, b)",
                "CREATE UNIQUE INDEX k_c ON k (c)",
                "CREATE UNIQUE INDEX k_p ON k (a) WHERE c = 1",
                "CREATE UNIQUE INDEX k_e ON k (lower(b))",
                "CREATE UNIQUE INDEX k_o ON k (b text_pattern_ops)");
        var outcome = folder.backfill("k", "UPDATE k SET c = 1 WHERE :batch").run();
        assertThat(outcome.reason()).isEqualTo(Reason.InvalidSpec);
        assertThat(outcome.message())
                .isEqualTo("table public.k has no primary key: name a unique index's columns in over.key "
                        + "(candidates: k_a (a, b))");
    }

    @Test
    void aTableThatIsNotThereIsNamed() {
        var outcome = folder.backfill("nowhere", "UPDATE nowhere SET c = 1 WHERE :batch")
                .run();
        assertThat(outcome.reason()).isEqualTo(Reason.InvalidSpec);
        assertThat(outcome.message()).startsWith("table nowhere does not exist");
    }

    @Test
    void questionMarksAndPlaceholdersInStringsAreTheStatementsOwn() {
        database.execute(
                "CREATE TABLE j (id int PRIMARY KEY, doc jsonb, n text)", "INSERT INTO j VALUES (1, '{\"a\": 1}')");
        var outcome = folder.backfill(
                        "j", "UPDATE j SET n = ':batch?' WHERE doc ? 'a' AND doc ?| '{a,b}' AND :batch -- :batch")
                .run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.value("SELECT n FROM j")).isEqualTo(":batch?");
    }
}
