package dev.cairn.runner.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Settings.Order;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.RunnerProcess;
import dev.cairn.runner.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A runner holds on to nothing for a batch, a row or a range that is done. */
class RetentionTest {
    private static final int ROWS = 40_000;
    private static final int BATCH = 5;

    /** What comes and goes with windows and with the seconds that rates look back on. */
    private static final int FLUCTUATION = 1500;

    /** Objects of the runner, of its driver, and what they are kept in. */
    private static final Pattern LINE = Pattern.compile(
            "\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(dev\\.cairn\\.\\S+|org\\.postgresql\\.\\S+|java\\.util\\.(?:\\w+\\$)?\\w+)(?: .*)?");

    private final TestDatabase database = TestDatabase.create();
    private final RunnerFolder folder = new RunnerFolder(database);

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "Measured")
    void thousandsOfBatchesLeaveNothingBehind(Order order) {
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT generate_series(1, " + ROWS + ")",
                "ANALYZE t");
        var runner = pace(order, null)
                .backfill("t", "UPDATE t SET n = n + 1 WHERE :batch")
                .start("pod-1");

        // given a walk that is stopped in its first fifth, and again in its last: thousands of batches and ranges later
        long early = objectsAt(runner, order, ROWS / 10);
        long late = objectsAt(runner, order, ROWS * 8 / 10);

        // then it holds on to as much as before
        assertThat(late - early).as("objects %d, then %d", early, late).isLessThan(FLUCTUATION);
        pace(order, null);
        assertThat(runner.outcome().reason()).as(runner.output()).isEqualTo(Reason.Applied);
        assertThat(database.value("SELECT sum(batches) >= " + ROWS / BATCH + " FROM cairn.range"))
                .isEqualTo("t");
    }

    private RunnerFolder pace(Order order, @Nullable Long perSecond) {
        return folder.pace(new Settings.Pace(60_000, BATCH, BATCH, BATCH, perSecond, 2, order));
    }

    /** Lets it walk so far, and counts while it hardly moves. */
    private long objectsAt(RunnerProcess runner, Order order, int walked) {
        pace(order, null);
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> walked() >= walked);
        pace(order, 1L);
        return objects(runner.pid());
    }

    private long walked() {
        if (database.value("SELECT to_regclass('cairn.range') IS NOT NULL").equals("f")) return 0;
        return Long.parseLong(database.value("SELECT coalesce(sum(walked), 0) FROM cairn.range"));
    }

    /** Those that are held on to: the histogram comes after a collection. */
    private static long objects(long pid) {
        try {
            var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            var process = new ProcessBuilder(jcmd, String.valueOf(pid), "GC.class_histogram").start();
            var histogram = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            long objects = 0;
            for (var line : histogram.lines().toList()) {
                var counted = LINE.matcher(line);
                if (counted.matches()) objects += Long.parseLong(counted.group(1));
            }
            assertThat(objects).as(histogram).isPositive();
            return objects;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
