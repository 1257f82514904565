package dev.cairn.runner.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.Reason;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.run.Result;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KilledSessionsTest {
    private static final int STEPS = 12;
    private static final int KILLS = 12;

    @Test
    void everyStepIsDoneOnceHoweverOftenItsSessionsAreKilled() throws Exception {
        long seed = System.nanoTime();
        try (var database = TestDatabase.create()) {
            database.execute("CREATE TABLE log (n serial, step int)");
            // every third step is one that no transaction takes back
            var steps = IntStream.range(0, STEPS)
                    .mapToObj(n -> n % 3 == 2
                            ? "CREATE INDEX CONCURRENTLY i" + n + " ON log (step)"
                            : "INSERT INTO log (step) VALUES (" + n + "); SELECT pg_sleep(0.05)")
                    .toArray(String[]::new);
            var started = new Migrations(database).start("m", steps);

            var random = new Random(seed);
            for (int kill = 0; kill < KILLS && !endsWithin(started.result(), random.nextInt(150)); kill++) {
                var which = random.nextBoolean() ? "true" : "pid % 2 = 0";
                database.query(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND application_name LIKE 'cairn %' AND " + which);
            }

            assertThat(started.result().get(2, TimeUnit.MINUTES).reason())
                    .as("seed " + seed)
                    .isEqualTo(Reason.Applied);
            assertThat(database.query("SELECT step FROM log ORDER BY n"))
                    .as("seed " + seed)
                    .containsExactly("0", "1", "3", "4", "6", "7", "9", "10");
            assertThat(database.query("SELECT indisvalid FROM pg_index WHERE indrelid = 'log'::regclass"))
                    .as("seed " + seed)
                    .hasSize(4)
                    .containsOnly("t");
        }
    }

    private static boolean endsWithin(CompletableFuture<Result> result, int millis) throws Exception {
        try {
            result.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        }
    }
}
