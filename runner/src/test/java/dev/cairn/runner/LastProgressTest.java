package dev.cairn.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.LastProgress;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a runner leaves in the termination message when it is killed. */
class LastProgressTest {
    private final TestDatabase database = TestDatabase.create();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aRunnerThatIsKilledLeavesHowFarItWasAndOneThatEndsItsOutcome() {
        // given a runner in the middle of its walk
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT g FROM generate_series(1, 6000) g");
        var folder = new RunnerFolder(database)
                .pace(new Settings.Pace(50, 50, 50, 50, 200L))
                .backfill("t", "UPDATE t SET n = n + 1 WHERE :batch");
        var runner = folder.start("pod-1");
        await().atMost(Duration.ofMinutes(1)).until(() -> walked(runner) > 0);

        // when it is killed, then its progress is left, which is in the database
        runner.kill();
        assertThat(walked(runner)).isBetween(1L, Long.valueOf(database.value("SELECT count(*) FROM t WHERE n = 1")));

        // and the outcome of the next one takes the place of all of it
        folder.pace(new Settings.Pace(50, 50, 50, 500, null));
        assertThat(folder.start("pod-2").outcome().reason()).isEqualTo(Reason.Applied);
    }

    /** 0 while nothing that can be read is there. */
    private static long walked(RunnerProcess runner) {
        try {
            return LastProgress.fromTerminationMessage(runner.words())
                    .progress()
                    .walked();
        } catch (IllegalArgumentException nothingYet) {
            return 0;
        }
    }
}
