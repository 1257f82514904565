package dev.cairn.runner.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.Reason;
import dev.cairn.runner.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SchemaEngineTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final Migrations migrations = new Migrations(database);

    @Test
    void stepsRunInOrderAndOnce() throws Exception {
        var steps = new String[] {
            "CREATE TABLE log (n serial, what text); INSERT INTO log (what) VALUES ('one')",
            "INSERT INTO log (what) VALUES ('two'); INSERT INTO log (what) VALUES ('three')",
        };

        assertThat(migrations.schema("m", steps).reason()).isEqualTo(Reason.Applied);
        assertThat(migrations.schema("m", steps).reason()).isEqualTo(Reason.AlreadyApplied);

        assertThat(database.query("SELECT what FROM log ORDER BY n")).containsExactly("one", "two", "three");
        assertThat(migrations.ledger("m")).containsExactly("applied", "step 1 done", "step 2 done");
        assertThat(database.value("SELECT attempts FROM cairn.migration")).isEqualTo("1");
    }

    @Test
    void aCommentBeforeAStatementGoesWithItAndMayChange() throws Exception {
        var step = "CREATE TABLE log (what text);\n-- why\n/*+ SeqScan(log) */\nINSERT INTO log SELECT current_query()";

        assertThat(migrations.schema("m", step).reason()).isEqualTo(Reason.Applied);
        assertThat(migrations.schema("m", step.replace("SeqScan", "Leading")).reason())
                .isEqualTo(Reason.AlreadyApplied);

        assertThat(database.value("SELECT what FROM log"))
                .isEqualTo("/*+ SeqScan(log) */ INSERT INTO log SELECT current_query()");
        assertThat(migrations.failing("n", "/* hint */ SELECT nothing").text()).contains("line 1, column 19");
    }

    @Test
    void aStepThatMakesItsOwnTransactionReadOnlyFails() {
        var failure = migrations.failing("m", "SET transaction_read_only = on; CREATE TABLE log (n int)");

        assertThat(failure.reason()).isEqualTo(Reason.SqlError);
        assertThat(failure.text()).startsWith("step 1, line 1, column 33").contains("read-only transaction");
    }

    @Test
    void whatIsAppliedTellsHowOftenItWasTried() throws Exception {
        migrations.schema("m", "CREATE TABLE log (n int)");

        var again = migrations.start("m", "CREATE TABLE log (n int)");

        assertThat(again.result().get().reason()).isEqualTo(Reason.AlreadyApplied);
        assertThat(again.progress().progress().attempts()).isEqualTo(1);
    }

    @Test
    void aFailedStepLeavesTheOnesBeforeItAndIsMendedByAnEdit() throws Exception {
        var failure = migrations.failing(
                "m",
                "CREATE TABLE t (a int)",
                "ALTER TABLE t ADD COLUMN b int;\nALTER TABLE t\n  ADD COLUMN c nonsense",
                "ALTER TABLE t ADD COLUMN d int");

        // then it says where, and nothing of the step is there
        assertThat(failure.reason()).isEqualTo(Reason.SqlError);
        assertThat(failure.sqlState()).isEqualTo("42704");
        assertThat(failure)
                .hasMessage("step 2, line 3, column 16 at \"ADD COLUMN c nonsense\": type \"nonsense\" does not exist");
        assertThat(migrations.ledger("m")).containsExactly("failed", "step 1 done");
        assertThat(database.value("SELECT error FROM cairn.migration")).contains("nonsense");

        // when it is edited
        migrations.schema(
                "m",
                "CREATE TABLE t (a int)",
                "ALTER TABLE t ADD COLUMN b int; ALTER TABLE t ADD COLUMN c text",
                "ALTER TABLE t ADD COLUMN d int");

        // then the rest is done
        assertThat(database.query("SELECT attname FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0"))
                .containsExactly("a", "b", "c", "d");
        assertThat(database.value("SELECT attempts FROM cairn.migration")).isEqualTo("2");
    }

    @Test
    void anAppliedStepCannotBeEditedButMoreCanFollow() throws Exception {
        migrations.schema("m", "CREATE TABLE t (a int)");

        var edited = migrations.failing("m", "CREATE TABLE t (a bigint)");
        assertThat(edited.reason()).isEqualTo(Reason.ChecksumMismatch);
        assertThat(edited).hasMessageContaining("step 1 was applied as sha256:").hasMessageContaining("new migration");
        assertThat(migrations.ledger("m")).containsExactly("applied", "step 1 done");

        var more =
                migrations.schema("m", "-- only a comment is new\nCREATE TABLE t (a int);", "CREATE TABLE u (a int)");
        assertThat(more.reason()).isEqualTo(Reason.Applied);
        assertThat(migrations.ledger("m")).containsExactly("applied", "step 1 done", "step 2 done");

        var less = migrations.failing("m", "CREATE TABLE t (a int)");
        assertThat(less.reason()).isEqualTo(Reason.ChecksumMismatch);
    }

    @Test
    void whatAStepSetsEndsWithIt() throws Exception {
        migrations.schema(
                "m",
                "CREATE ROLE r" + database.name() + "; SET search_path = pg_catalog; SET ROLE r" + database.name()
                        + "; SET lock_timeout = 0; SET statement_timeout = 1000",
                "SELECT pg_sleep(0.01); CREATE TABLE who AS SELECT current_user AS name, "
                        + "current_setting('search_path') AS path, current_setting('lock_timeout') AS timeout");

        assertThat(database.query("SELECT name || '/' || path || '/' || timeout FROM public.who"))
                .containsExactly("postgres/\"$user\", public/100ms");
    }

    @Test
    void aStepThatIsRefusedRunsNothing() {
        var failure = migrations.failing("m", "CREATE TABLE t (a int)", "\\connect other");

        assertThat(failure.reason()).isEqualTo(Reason.InvalidSpec);
        assertThat(failure).hasMessageStartingWith("step 2, line 1, column 1: \"\\connect\"");
        assertThat(database.value("SELECT count(*) FROM pg_tables WHERE tablename = 't'"))
                .isEqualTo("0");
    }
}
