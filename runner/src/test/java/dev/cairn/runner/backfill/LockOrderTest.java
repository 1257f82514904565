package dev.cairn.runner.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An application locks rows in the opposite order of the walk. */
class LockOrderTest {
    private final TestDatabase database = TestDatabase.create();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void theApplicationIsNotTheVictimOfADeadlock() throws SQLException {
        // given a batch that may take a minute, and stops at row 50 until the application waits for one of its rows
        database.execute(
                "ALTER DATABASE " + database.name() + " SET deadlock_timeout = '4s'",
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0, touched int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT generate_series(1, 200)",
                "CREATE FUNCTION next(id bigint, n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN"
                        + " WHILE id = 50 AND EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 9)"
                        + " AND NOT EXISTS (SELECT FROM pg_locks waiting JOIN pg_locks sign USING (pid) WHERE NOT"
                        + " waiting.granted AND sign.locktype = 'advisory' AND sign.objid = 9)"
                        + " LOOP PERFORM pg_sleep(0.01); END LOOP; RETURN n + 1; END $$");
        var folder = new RunnerFolder(database)
                .pace(new Settings.Pace(60_000, 100, 10, 100, null, 1, Settings.Order.Plain))
                .backfill("t", "UPDATE t SET n = next(id, n) WHERE :batch");
        var main = folder.main("pod-1");
        CompletableFuture<?> run;
        try (var application = database.connect();
                var statement = application.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(9)");
            application.setAutoCommit(false);

            // when the application takes row 90, which the batch wants next, and comes for row 10, which the batch has
            run = CompletableFuture.supplyAsync(main::run)
                    .thenAccept(outcome ->
                            assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied));
            await().until(() -> !database.query("SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                            + " AND datname = current_database()")
                    .isEmpty());
            statement.execute("SELECT FROM t WHERE id = 90 FOR UPDATE");
            statement.execute("UPDATE t SET touched = 1 WHERE id IN (10, 90)");

            // then it gets it, although the server looks for deadlocks long before the batch's time is up
            application.commit();
            statement.execute("SELECT pg_advisory_unlock(9)");
            application.commit();
        }

        // and the batch is done after it, once
        run.join();
        assertThat(database.query(
                        "SELECT n || ' ' || touched || ': ' || count(*) FROM t GROUP BY n, touched ORDER BY 1"))
                .containsExactly("1 0: 198", "1 1: 2");
    }
}
