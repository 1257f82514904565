package dev.cairn.runner.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A batch that takes many times as long as it should is cancelled: its row locks are not held for hours. */
class BatchLimitTest {
    private final TestDatabase database = TestDatabase.create();
    private final RunnerFolder folder = new RunnerFolder(database);

    @AfterEach
    void close() {
        database.close();
    }

    /** @param sleeps what a statement does before it ends, when {@code rows} is how many it has updated */
    private void table(int rows, String sleeps) {
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT generate_series(1, " + rows + ")",
                "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE rows int; BEGIN"
                        + " SELECT count(*) INTO rows FROM new_rows; " + sleeps + " RETURN NULL; END $$",
                "CREATE TRIGGER slow AFTER UPDATE ON t REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT"
                        + " EXECUTE FUNCTION slow()");
    }

    private void runs(String cause) {
        var main = folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").main("pod-1");
        var run = CompletableFuture.supplyAsync(main::run);
        await().until(() -> String.valueOf(main.progress().cause()).contains(cause) || run.isDone());
        assertThat(run.isDone()).as(cause).isFalse();
        assertThat(run.join().reason()).as(run.join().message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
    }

    @Test
    void aBatchThatTakesTooLongIsTriedAgainWithFewerRows() {
        // given a statement that never ends for more than 300 rows
        table(500, "PERFORM pg_sleep(CASE WHEN rows > 300 THEN 3600 ELSE 1 END);");
        folder.pace(new Settings.Pace(50, 500, 50, 500, null));

        runs("after the start up to 500: took longer than 2 s and was rolled back; tried again with 250 rows");
    }

    @Test
    void aBatchThatCannotGetSmallerGetsTwiceTheTimeAndItsPlanIsBlamed() {
        table(10, "PERFORM pg_sleep(2.5);");
        folder.pace(new Settings.Pace(50, 100, 100, 100, null));

        runs("with as few rows as pace.batchSize.min allows; tried again with 4 s. Its plan is probably a bad one");
    }
}
