package dev.cairn.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Real processes, real signals: the runner and the server are killed at random moments while {@code n = n + 1} goes over
 * a table, and in the end every n is 1. A failure prints the seed; {@code -Dcairn.chaos.seed} repeats its moments.
 */
class ChaosTest {
    private static final int ROWS = 40_000;

    private final long seed = Long.getLong("cairn.chaos.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private EmbeddedPostgres server;
    private TestDatabase database;
    private RunnerFolder folder;

    @BeforeEach
    void table() throws IOException {
        server = EmbeddedPostgres.start();
        database = TestDatabase.createOn(server.getPort());
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0, filler text DEFAULT repeat('x', 100))",
                "INSERT INTO t SELECT g * 3 FROM generate_series(1, " + ROWS + ") g");
        // Small batches and a limited rate: there is something to interrupt.
        folder = new RunnerFolder(database)
                .pace(new Settings.Pace(50, 50, 50, 100, 5_000L, 2, Settings.Order.Striped))
                .backfill("t", "UPDATE t SET n = n + 1 WHERE :batch");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void aRunnerThatIsKilledAtAnyMomentChangesEachRowOnce() {
        long walked = 0;
        for (int kill = 0; kill < 6; kill++) {
            // given a runner that has got further than the last one, in batches of another size
            int most = random.nextInt(10, 100);
            folder.pace(new Settings.Pace(50, most, 10, most, 5_000L, 2, Settings.Order.Striped));
            var runner = folder.start("pod-" + kill);
            awaitWalked(walked + random.nextInt(1, 4000), runner);

            // when it is killed
            runner.kill();

            // then its checkpoint stays
            long now = walked();
            assertThat(now).as(said()).isGreaterThan(walked);
            walked = now;
        }
        finishes(6);
    }

    @Test
    void aServerThatCrashesLosesNoRowAndNoneIsChangedTwice() {
        var runner = folder.start("pod-1");
        long walked = 0;
        for (int crash = 0; crash < 4; crash++) {
            awaitWalked(walked + random.nextInt(1, 4000), runner);
            // A backend that dies by SIGKILL makes the server throw its memory away, commits not yet on disk included.
            crashServer();
            walked = walkedPatiently();
        }
        assertThat(runner.outcome().reason()).as(said() + runner.output()).isEqualTo(Reason.Applied);
        assertThat(runner.output()).containsPattern("begins again from the ledger");
        eachRowOnce();
    }

    @Test
    void connectionsThatAreEndedAtAnyMomentChangeEachRowOnce() {
        var runner = folder.start("pod-1");
        for (int loss = 0; loss < 12; loss++) {
            awaitWalked(walked() + random.nextInt(1, 2000), runner);
            database.query(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'cairn %'");
        }
        assertThat(runner.outcome().reason()).as(said() + runner.output()).isEqualTo(Reason.Applied);
        assertThat(runner.outcome().progress().attempts()).isEqualTo(1);
        eachRowOnce();
    }

    @Test
    void whateverDiesWhileRowsComeAndGoEachRowThatStaysIsChangedOnce() {
        // given workers that share the table with an application which inserts and deletes
        int kills = Integer.getInteger("cairn.chaos.kills", 10);
        var application = CompletableFuture.runAsync(new ComingsAndGoings(database, ROWS, seed));
        folder.pace(new Settings.Pace(50, 50, 50, 100, ROWS / Math.max(8L, kills * 2L), 3, Settings.Order.Striped));
        var runner = folder.start("pod-0");

        // when the runner or the server is killed again and again
        for (int kill = 1; kill <= kills; kill++) {
            awaitWalked(walkedPatiently() + random.nextInt(1, Math.max(2, ROWS / kills)), runner);
            if (random.nextBoolean()) {
                runner.kill();
                runner = folder.start("pod-" + kill);
            } else {
                crashServer();
            }
        }
        folder.pace(new Settings.Pace(50, 500, 50, 1000, null, 3, Settings.Order.Striped));

        // then every row that was there from the beginning to the end is changed exactly once, and no other one twice
        var outcome = runner.outcome();
        application.join();
        assertThat(outcome.reason()).as(said() + runner.output()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t WHERE id % 3 = 0 AND n <> 1 GROUP BY n"))
                .as(said())
                .isEmpty();
        assertThat(database.query("SELECT DISTINCT n FROM t WHERE id % 3 <> 0 AND n NOT IN (100, 101)"))
                .as(said())
                .isEmpty();
        assertThat(Long.parseLong(database.value("SELECT count(*) FROM t WHERE id % 3 = 0")))
                .as(said())
                .isBetween(ROWS / 2L, ROWS - 1L);
    }

    private void finishes(int kills) {
        var outcome = folder.start("pod-last").outcome();
        assertThat(outcome.reason()).as(said() + outcome.message()).isEqualTo(Reason.Applied);
        assertThat(outcome.progress().attempts()).isEqualTo(kills + 1);
        eachRowOnce();
    }

    private void eachRowOnce() {
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                .as(said())
                .containsExactly("1: " + ROWS);
        assertThat(database.value("SELECT sum(rows) || ' ' || sum(walked) FROM cairn.range"))
                .as(said())
                .isEqualTo(ROWS + " " + ROWS);
    }

    private void awaitWalked(long atLeast, RunnerProcess runner) {
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> walked() >= Math.min(atLeast, ROWS) || !runner.isAlive());
    }

    private long walked() {
        var there = database.value("SELECT to_regclass('cairn.range') IS NOT NULL");
        if (there.equals("f")) return 0;
        return database.query("SELECT walked FROM cairn.range").stream()
                .mapToLong(Long::parseLong)
                .sum();
    }

    private long walkedPatiently() {
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> walked() >= 0);
        return walked();
    }

    private void crashServer() {
        var victims = database.query("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'cairn %'");
        var victim = victims.isEmpty() ? List.of("none") : victims;
        try {
            new ProcessBuilder("kill", "-9", victim.getFirst()).start().waitFor();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String said() {
        return "seed " + seed + " ";
    }
}
