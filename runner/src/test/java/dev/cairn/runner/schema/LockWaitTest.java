package dev.cairn.runner.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.FencedException;
import java.sql.Connection;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LockWaitTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final Migrations migrations = new Migrations(database);
    private Connection application;

    @BeforeEach
    void createATableThatAnApplicationHolds() throws Exception {
        database.execute("CREATE TABLE messages (id int)");
        application = database.connect();
        application.setAutoCommit(false);
        try (var statement = application.createStatement()) {
            statement.execute("SET application_name = 'web'");
            statement.execute("SELECT FROM messages");
        }
    }

    @AfterEach
    void closeTheApplication() throws Exception {
        application.close();
    }

    @Test
    void aStepWaitsForALockInShortTriesAndNamesWhoHoldsIt() throws Exception {
        var started = migrations.start("m", "ALTER TABLE messages ADD COLUMN mood text");

        // when it waits, it says for whom
        await().untilAsserted(() -> assertThat(started.progress().progress().cause())
                .matches("step 1 waits for a lock on messages held by pid \\d+ \\(web, in transaction for \\d+ s\\)"));

        // then it is done once the lock is free
        application.commit();
        assertThat(started.result().get().reason()).isEqualTo(Reason.Applied);
        assertThat(started.progress().progress().activity()).isEqualTo(Activity.Done);
    }

    @Test
    void aLockThatIsNotToBeHadEndsTheRunAndLeavesTheMigrationRunning() {
        migrations.locks(300, 500);

        var failure = migrations.failing("m", "CREATE TABLE other (a int); ALTER TABLE messages ADD COLUMN mood text");

        assertThat(failure.reason()).isEqualTo(Reason.LockTimeout);
        assertThat(failure.sqlState()).isEqualTo("55P03");
        assertThat(failure).hasMessageContaining("held by pid").hasMessageContaining("locks.retryFor");
        assertThat(migrations.ledger("m")).containsExactly("running");
    }

    @Test
    void anIndexIsBuiltConcurrentlyBesideAnOldTransactionAndSaysWhatItWaitsFor() throws Exception {
        try (var statement = application.createStatement()) {
            statement.execute("INSERT INTO messages VALUES (1)");
        }
        var started = migrations.start("m", "CREATE INDEX CONCURRENTLY messages_id ON messages (id)");

        await().until(() -> started.progress().progress().activity() == Activity.Waiting);
        assertThat(started.progress().progress().cause())
                .contains("step 1 waits for the end of an older transaction held by pid")
                .contains("(web, in transaction for");

        application.commit();
        assertThat(started.result().get().reason()).isEqualTo(Reason.Applied);
    }

    @Test
    void twoMigrationsOfAScopeRunOneAfterTheOther() throws Exception {
        // given one that waits for a table
        var first = migrations.start("first", "ALTER TABLE messages ADD COLUMN a text");
        await().until(() -> first.progress().progress().activity() == Activity.Waiting);

        // when another one starts
        var second = migrations.start("second", "ALTER TABLE messages ADD COLUMN b text");

        // then it waits for the first, and says so
        await().until(() -> second.progress().progress().activity() == Activity.Waiting);
        assertThat(second.progress().progress().cause())
                .contains("waits for another schema migration of scope \"test\": pid");
        application.commit();
        assertThat(first.result().get().reason()).isEqualTo(Reason.Applied);
        assertThat(second.result().get().reason()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT detail FROM cairn.event WHERE event = 'StepDone' ORDER BY id"))
                .hasSize(2);
    }

    @Test
    void theScopesLockIsWaitedForALimitedTime() throws Exception {
        var first = migrations.start("first", "ALTER TABLE messages ADD COLUMN a text");
        await().until(() -> first.progress().progress().activity() == Activity.Waiting);
        migrations.locks(50, 0);

        var failure = migrations.failing("second", "SELECT 1");

        assertThat(failure.reason()).isEqualTo(Reason.AnotherMigrationRuns);
        first.stop().request();
        assertThatThrownBy(() -> first.result().get()).isInstanceOf(ExecutionException.class);
    }

    @Test
    void aStopCancelsTheStatementAndRollsBack() throws Exception {
        var started = migrations.start("m", "CREATE TABLE other (a int); SELECT pg_sleep(600)");
        await().until(() -> !database.query("SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep%'"
                        + " AND pid <> pg_backend_pid() AND datname = current_database()")
                .isEmpty());

        started.stop().request();

        assertThatThrownBy(() -> started.result().get())
                .cause()
                .isInstanceOfSatisfying(
                        MigrationFailure.class, e -> assertThat(e.reason()).isEqualTo(Reason.Stopped));
        assertThat(migrations.ledger("m")).containsExactly("running");
        assertThat(database.query("SELECT 1 FROM pg_tables WHERE tablename = 'other'"))
                .isEmpty();
    }

    @Test
    void theSameMigrationStartedTwiceRunsOnceAndTheLaterStartOwnsIt() throws Exception {
        var steps = new String[] {"CREATE TABLE once (a int)", "ALTER TABLE messages ADD COLUMN a int"};
        var one = migrations.start("m", steps);
        await().until(() -> one.progress().progress().activity() == Activity.Waiting);
        var other = migrations.start("m", steps);

        assertThatThrownBy(() -> one.result().get()).cause().isInstanceOf(FencedException.class);
        application.commit();

        assertThat(other.result().get().reason()).isEqualTo(Reason.Applied);
        assertThat(Objects.requireNonNull(migrations.ledger("m")))
                .containsExactly("applied", "step 1 done", "step 2 done");
    }
}
