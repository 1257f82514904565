package dev.cairn.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.ExitCode;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two processes on one plan, as two clusters or a pod that the network cut off would be. */
class TwoRunnersTest {
    private static final int ROWS = 6000;

    private final TestDatabase database = TestDatabase.create();

    /** Half a minute for the whole table: nobody is done by himself before a test has had its say. */
    private final Settings.Pace crawling = new Settings.Pace(50, 50, 50, 50, 200L);

    private final Settings.Pace fast = new Settings.Pace(50, 50, 50, 500, null);

    @BeforeEach
    void table() {
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT g FROM generate_series(1, " + ROWS + ") g");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void theLaterOneTakesOverAndTheEarlierOneSaysThatItWasFenced() {
        // given a runner in the middle of its walk
        var first = folder(crawling).start("pod-1");
        awaitWalked(100);

        // when a second one starts on the same plan
        var second = folder(fast).start("pod-2");

        // then the first one ends and says so, and every row is changed once
        var fenced = first.outcome();
        assertThat(fenced.reason()).as(first.output()).isEqualTo(Reason.Fenced);
        assertThat(fenced.message()).contains("DataMigration/it was taken over by pod-2");
        assertThat(first.exitCode()).isEqualTo(ExitCode.TRY_AGAIN.code());
        assertThat(second.outcome().reason()).as(second.output()).isEqualTo(Reason.Applied);
        eachRowOnce();

        // and the second one is left in peace
        assertThat(second.output()).doesNotContain("begins again from the ledger");
    }

    @Test
    void aZombieThatWakesAfterItsSuccessorIsDoneChangesNothing() {
        // given a runner that is frozen in the middle, and a second one that has finished
        var zombie = folder(crawling).start("pod-1");
        awaitWalked(100);
        zombie.signal("STOP");
        assertThat(folder(fast).start("pod-2").outcome().reason()).isEqualTo(Reason.Applied);

        // when the first one wakes
        zombie.signal("CONT");

        // then it finds out and ends
        assertThat(zombie.outcome().reason()).as(zombie.output()).isEqualTo(Reason.Fenced);
        eachRowOnce();
    }

    @Test
    void bothAtTheSameMomentEndWithEachRowChangedOnce() {
        // given two that start together, at a pace at which neither is done before the other one is up
        var folders = List.of(folder(crawling), folder(crawling));
        var runners =
                List.of(folders.getFirst().start("pod-1"), folders.getLast().start("pod-2"));

        // when one has given up, and the other one hurries
        await().atMost(Duration.ofMinutes(1)).until(() -> !runners.stream().allMatch(RunnerProcess::isAlive));
        folders.forEach(f -> f.pace(fast));

        // then one was fenced, the other one did all
        var reasons = runners.stream().map(r -> r.outcome().reason()).toList();
        assertThat(reasons)
                .as(runners.getFirst().output() + runners.getLast().output())
                .containsExactlyInAnyOrder(Reason.Applied, Reason.Fenced);
        eachRowOnce();
    }

    @Test
    void sigtermSavesTheCheckpointAndTheNextStartGoesOnFromIt() {
        // given a runner in the middle of its walk
        var folder = folder(crawling);
        var runner = folder.start("pod-1");
        awaitWalked(100);

        // when its pod is stopped
        runner.terminate();

        // then it says how far it got, and the next one does the rest
        assertThat(runner.exitCode()).as(runner.output()).isEqualTo(ExitCode.STOPPED.code());
        var outcome = runner.outcome();
        assertThat(outcome.reason()).isEqualTo(Reason.Stopped);
        assertThat(String.valueOf(outcome.progress().walked()))
                .isEqualTo(database.value("SELECT walked FROM cairn.range"));
        assertThat(folder.pace(fast).start("pod-2").outcome().reason()).isEqualTo(Reason.Applied);
        eachRowOnce();
    }

    @Test
    void sigtermCancelsABatchThatDoesNotEnd() {
        // given a runner whose batch waits for ever
        database.execute("CREATE FUNCTION hang(n int) RETURNS int LANGUAGE sql AS 'SELECT n FROM pg_sleep(1000)'");
        var folder = folder(fast).backfill("t", "UPDATE t SET n = hang(n) WHERE :batch");
        var runner = folder.start("pod-1");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !database.query("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                                + " AND datname = current_database()")
                        .isEmpty());

        // when its pod is stopped
        runner.terminate();

        // then the batch is cancelled and the run ends as stopped
        assertThat(runner.exitCode()).as(runner.output()).isEqualTo(ExitCode.STOPPED.code());
        assertThat(runner.outcome().message()).startsWith("stopped on request; it goes on");
    }

    private RunnerFolder folder(Settings.Pace pace) {
        return new RunnerFolder(database).pace(pace).backfill("t", "UPDATE t SET n = n + 1 WHERE :batch");
    }

    private void awaitWalked(long atLeast) {
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> database.query("SELECT 1 FROM cairn.range WHERE walked >= " + atLeast)
                                .size()
                        == 1);
    }

    private void eachRowOnce() {
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                .containsExactly("1: " + ROWS);
        assertThat(database.value("SELECT rows FROM cairn.range")).isEqualTo(String.valueOf(ROWS));
    }
}
