package dev.cairn.runner.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real program, killed and stopped in the middle. */
class SchemaProcessTest {
    private TestDatabase database;
    private RunnerFolder folder;

    @BeforeEach
    void createDatabase() {
        database = TestDatabase.create();
        database.execute("CREATE TABLE messages (id int)");
        folder = new RunnerFolder(database);
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    @Test
    void aBuildWhoseRunnerIsKilledIsClearedAwayAndBegunAgainByTheNext() throws Exception {
        // given a build that waits for an old transaction
        steps("CREATE INDEX CONCURRENTLY by_id ON messages (id)");
        try (var application = database.connect()) {
            application.setAutoCommit(false);
            try (var statement = application.createStatement()) {
                statement.execute("INSERT INTO messages VALUES (1)");
            }
            var first = folder.start("pod-1");
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> database.query("SELECT indisvalid FROM pg_index WHERE indrelid = 'messages'::regclass")
                            .contains("f"));

            // when its runner is killed, and the next one comes while the server has not noticed yet
            first.kill();
            var second = folder.start("pod-2");
            await().atMost(Duration.ofMinutes(1)).until(() -> second.output().contains("waits for"));
            application.commit();

            // then the index is there, whole
            assertThat(second.exitCode()).as(second.output()).isZero();
            assertThat(second.outcome().reason()).isEqualTo(Reason.Applied);
            assertThat(second.outcome().progress().attempts()).isEqualTo(2);
        }
        assertThat(database.query("SELECT indisvalid FROM pg_index WHERE indrelid = 'messages'::regclass"))
                .containsExactly("t");
    }

    @Test
    void aStepWhoseRunnerIsKilledIsDoneOnceByTheNext() {
        steps("INSERT INTO messages VALUES (1)", "INSERT INTO messages VALUES (2); SELECT pg_sleep(3)");
        var first = folder.start("pod-1");
        awaitSleep();

        first.kill();
        var second = folder.start("pod-2");

        assertThat(second.exitCode()).as(second.output()).isZero();
        assertThat(database.query("SELECT id FROM messages")).containsExactly("1", "2");
        assertThat(folder.run().reason()).isEqualTo(Reason.AlreadyApplied);
    }

    @Test
    void aStoppedRunnerRollsItsStepBackAndSaysSo() {
        steps("INSERT INTO messages VALUES (1)", "INSERT INTO messages VALUES (2); SELECT pg_sleep(600)");
        var runner = folder.start("pod-1");
        awaitSleep();

        runner.terminate();

        assertThat(runner.exitCode()).as(runner.output()).isEqualTo(143);
        assertThat(runner.outcome().reason()).isEqualTo(Reason.Stopped);
        assertThat(runner.outcome().progress().stepsDone()).isEqualTo(1);
        assertThat(database.query("SELECT id FROM messages")).containsExactly("1");
    }

    @Test
    void aRefusedStepEndsTheProcessForGood() {
        steps("INSERT INTO messages VALUES (1)", "ALTER TABLE messages ADD COLUMN mood nonsense");

        var runner = folder.start("pod-1");

        assertThat(runner.exitCode()).as(runner.output()).isEqualTo(65);
        assertThat(runner.outcome().reason()).isEqualTo(Reason.SqlError);
        assertThat(runner.outcome().sqlState()).isEqualTo("42704");
        assertThat(runner.outcome().message()).contains("step 2, line 1, column 38");
    }

    private void awaitSleep() {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !database.query("SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep%'"
                                + " AND pid <> pg_backend_pid() AND datname = current_database()")
                        .isEmpty());
    }

    private void steps(String... sql) {
        var steps = new ArrayList<Work.Step>();
        for (var step : sql) steps.add(new Work.Step(String.valueOf(steps.size() + 1), step));
        folder.plan(new Work.Schema(List.copyOf(steps)), MigrationKind.SchemaMigration);
    }
}
