package dev.cairn.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The network fails between the runner and a server that goes on with what it was told. */
class ConnectionLossTest {
    private static final String GATE = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND granted"
            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    private static final String AT_THE_GATE =
            "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()";

    private final TestDatabase database = TestDatabase.create();
    private final Relay relay = new Relay(database.port());
    private final RunnerFolder folder = new RunnerFolder(database);
    private Connection gate;

    /** A batch stands at row 250 for as long as the gate is closed. */
    @BeforeEach
    void table() throws SQLException {
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT generate_series(1, 500)",
                "CREATE FUNCTION pass() RETURNS void LANGUAGE plpgsql AS $$ BEGIN WHILE EXISTS (" + GATE
                        + ") LOOP PERFORM pg_sleep(0.01); END LOOP; END $$");
        gate = database.connect();
        gate.createStatement().execute("SELECT pg_advisory_lock(7)");
        folder.secret("port", String.valueOf(relay.port()))
                .pace(new Settings.Pace(60_000, 100, 100, 100, null, 1, Settings.Order.Plain));
    }

    @AfterEach
    void close() throws Exception {
        gate.close();
        relay.close();
        database.close();
    }

    @Test
    void aBatchThatStillRunsIsEndedBeforeItIsDoneAgain() throws SQLException {
        // given a batch in its middle
        database.execute("CREATE FUNCTION next(id bigint, n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN IF id = 250"
                + " THEN PERFORM pass(); END IF; RETURN n + 1; END $$");
        var run = start("UPDATE t SET n = next(id, n) WHERE :batch");
        var lost = pidAtTheGate();

        // when its connection dies, and the server does not notice
        relay.cut();

        // then the runner comes again at once, and ends the old session before it does the batch
        await().until(() -> database.query(AT_THE_GATE), pids -> pids.size() == 1 && !pids.contains(lost));
        assertThat(database.query("SELECT 1 FROM pg_stat_activity WHERE pid = " + lost))
                .isEmpty();
        openTheGate();
        eachRowOnce(run.join());
    }

    @Test
    void aBatchWhoseAnswerWasLostIsNotDoneAgain() throws SQLException {
        // given a batch in its commit
        database.execute(
                "CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM pass(); RETURN NULL; END $$",
                "CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
                        + " WHEN (new.id = 250) EXECUTE FUNCTION at_commit()");
        var run = start("UPDATE t SET n = n + 1 WHERE :batch");
        pidAtTheGate();

        // when the server commits it, and says so to nobody
        relay.loseAnswers();
        openTheGate();
        await().until(() -> database.value("SELECT walked FROM cairn.range").equals("300"));
        relay.cut();

        // then the runner finds it done
        eachRowOnce(run.join());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pg_cancel_backend", "pg_terminate_backend"})
    void aBatchThatAnAdministratorEndsIsDoneAgain(String end) throws SQLException {
        database.execute("CREATE FUNCTION next(id bigint, n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN IF id = 250"
                + " THEN PERFORM pass(); END IF; RETURN n + 1; END $$");
        var run = start("UPDATE t SET n = next(id, n) WHERE :batch");
        var pid = pidAtTheGate();
        assertThat(database.value("SELECT " + end + "(" + pid + ")")).isEqualTo("t");
        openTheGate();
        eachRowOnce(run.join());
    }

    /**
     * Packets are dropped, on new connections too. TCP itself notices in a quarter of an hour; here, where the relay answers
     * its probes, never.
     */
    @Test
    void aServerThatFallsSilentIsNoticedByAllThatWaitForIt() throws Exception {
        // given a batch, a schema step and a container's checkpoint that wait for the server
        database.execute("CREATE FUNCTION next(id bigint, n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN IF id = 250"
                + " THEN PERFORM pass(); END IF; RETURN n + 1; END $$");
        var walk = folder.backfill("t", "UPDATE t SET n = next(id, n) WHERE :batch")
                .main("pod-1");
        var schema = beside(database)
                .plan(
                        new Work.Schema(List.of(new Work.Step("1", "SELECT pass(); CREATE TABLE made (id int)"))),
                        MigrationKind.SchemaMigration)
                .main("pod-2");
        try (var other = TestDatabase.create()) {
            var container = beside(other)
                    .container(new Work.Container("image", List.of("program"), List.of(), null))
                    .main("pod-3");
            var walking = CompletableFuture.supplyAsync(walk::run, task -> daemon(task));
            pidAtTheGate();
            var changing = CompletableFuture.supplyAsync(schema::run, task -> daemon(task));
            daemon(container::run);
            await().until(() -> database.query(AT_THE_GATE).size() == 2
                    && container.progress().activity() == Activity.Running);

            // when the server falls silent
            relay.drop();

            // then each of them says so
            for (var run : List.of(walk, schema, container))
                await().until(() -> String.valueOf(run.progress().cause()).contains("no sign of life"));
            assertThat(walk.progress().activity()).isEqualTo(Activity.Retrying);
            assertThat(schema.progress().activity()).isEqualTo(Activity.Retrying);
            assertThat(container.progress().cause()).startsWith("the container runs, but its progress is not known: ");

            // and goes on when it is there again
            relay.dropNoMore();
            await().until(() -> container.progress().activity() == Activity.Running);
            openTheGate();
            eachRowOnce(walking.join());
            assertThat(changing.join().reason()).as(changing.join().message()).isEqualTo(Reason.Applied);
        }
    }

    private RunnerFolder beside(TestDatabase any) {
        return new RunnerFolder(any).secret("port", String.valueOf(relay.port()));
    }

    private static void daemon(Runnable task) {
        Thread.ofPlatform().daemon().start(task);
    }

    private CompletableFuture<Outcome> start(String sql) {
        var main = folder.backfill("t", sql).main("pod-1");
        return CompletableFuture.supplyAsync(main::run);
    }

    private String pidAtTheGate() {
        // It sleeps again and again: asked once more, it may be between two sleeps.
        return await().until(() -> database.query(AT_THE_GATE), pids -> !pids.isEmpty())
                .getFirst();
    }

    private void openTheGate() throws SQLException {
        gate.createStatement().execute("SELECT pg_advisory_unlock(7)");
    }

    private void eachRowOnce(Outcome outcome) {
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                .containsExactly("1: 500");
        assertThat(outcome.progress().attempts()).isEqualTo(1);
    }
}
