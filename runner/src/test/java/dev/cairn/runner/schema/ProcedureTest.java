package dev.cairn.runner.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Reason;
import dev.cairn.runner.TestDatabase;
import java.sql.Connection;
import java.util.HashSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A procedure may commit in its middle: what it committed stays when it fails, and must not be done twice. */
class ProcedureTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final Migrations migrations = new Migrations(database);
    private Connection application;

    @BeforeEach
    void createATableThatAnApplicationReads() throws Exception {
        database.execute("CREATE TABLE messages (id int)", "CREATE TABLE calls (n int)");
        application = database.connect();
        application.setAutoCommit(false);
        try (var statement = application.createStatement()) {
            statement.execute("SELECT FROM messages");
        }
    }

    @AfterEach
    void closeTheApplication() throws Exception {
        application.close();
    }

    @Test
    void aLockTimeoutAfterACommitIsNotTriedAgain() {
        procedure("INSERT INTO calls VALUES (1); COMMIT; LOCK TABLE messages;");

        // by lock_timeout or by the limit for all waits, whichever is first
        requireOutcomeUnknown("55P03", "lock");
    }

    @Test
    void aCancelAfterACommitBecauseOthersWaitIsNotTriedAgain() {
        // given a procedure that lifts the limit for one lock, so that only the limit for all of them ends its wait
        procedure("INSERT INTO calls VALUES (1); COMMIT;"
                + " PERFORM set_config('lock_timeout', '0', true); LOCK TABLE messages;");

        requireOutcomeUnknown("55P03", "no lock within locks.timeout (100 ms)");
    }

    @Test
    void anErrorAfterACommitSaysThatSomethingWasCommitted() {
        procedure("INSERT INTO calls VALUES (1); COMMIT; PERFORM 1 / (SELECT count(*) - 1 FROM calls);");

        requireOutcomeUnknown("22012", "division by zero");
    }

    @Test
    void aLockTimeoutBeforeTheFirstCommitIsTriedAgain() throws Exception {
        procedure("LOCK TABLE messages; INSERT INTO calls VALUES (1); COMMIT;");
        var started = migrations.start("m", "CALL work()");
        awaitSecondTry();
        application.commit();

        assertThat(started.result().get().reason()).isEqualTo(Reason.Applied);
        assertThat(database.value("SELECT count(*) FROM calls")).isEqualTo("1");
    }

    @Test
    void anErrorBeforeTheFirstCommitIsTheServersOwn() throws Exception {
        procedure("INSERT INTO calls VALUES (1 / (SELECT count(*) FROM calls)); COMMIT;");

        var failure = migrations.failing("m", "CALL work()");
        assertThat(failure.reason()).isEqualTo(Reason.SqlError);
        assertThat(failure).hasMessageContaining("division by zero");

        // and once the cause is mended, it runs
        database.execute("INSERT INTO calls VALUES (1)");
        assertThat(migrations.schema("m", "CALL work()").reason()).isEqualTo(Reason.Applied);
        assertThat(database.value("SELECT count(*) FROM calls")).isEqualTo("2");
    }

    /** It makes one transaction of its own, so that its failure leaves nothing. */
    @Test
    void anotherStatementOutsideATransactionIsTriedAgainAfterALockTimeout() throws Exception {
        try (var statement = application.createStatement()) {
            statement.execute("LOCK TABLE pg_subscription IN SHARE MODE");
        }
        var started = migrations.start(
                "m",
                "CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE)");
        awaitSecondTry();
        application.commit();

        assertThat(started.result().get().reason()).isEqualTo(Reason.Applied);
        database.execute("DROP SUBSCRIPTION s");
    }

    private void requireOutcomeUnknown(String sqlState, String cause) {
        var failure = migrations.failing("m", "CALL work()");

        assertThat(failure.reason()).as(failure.text()).isEqualTo(Reason.OutcomeUnknown);
        assertThat(failure.sqlState()).isEqualTo(sqlState);
        assertThat(failure)
                .hasMessageStartingWith("step 1, line 1, column 1 at \"CALL work()\": ")
                .hasMessageContaining(cause)
                .hasMessageContaining("committed part of its work")
                .hasMessageContaining("cairn.dev/retry");
        assertThat(database.value("SELECT count(*) FROM calls")).isEqualTo("1");
        assertThat(migrations.ledger("m")).containsExactly("failed");
    }

    private void procedure(String body) {
        database.execute("CREATE PROCEDURE work() LANGUAGE plpgsql AS $$ BEGIN " + body + " END $$");
    }

    /** Until two transactions of the migration have waited, so that one has given up. */
    private void awaitSecondTry() {
        var tries = new HashSet<String>();
        await().until(() -> {
            tries.addAll(database.query("""
                SELECT pid || ' ' || virtualtransaction FROM pg_locks JOIN pg_stat_activity USING (pid)
                 WHERE NOT granted AND application_name LIKE 'cairn %' AND datname = current_database()
                """));
            return tries.size() >= 2;
        });
    }
}
