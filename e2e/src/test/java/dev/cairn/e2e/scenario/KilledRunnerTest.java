package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.DataMigration;
import dev.cairn.crds.MigrationStatus;
import dev.cairn.crds.Phase;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A pod that is killed at any moment. The output says how long each time passed until the next batch was committed. */
@OnCluster
@Order(1)
class KilledRunnerTest {
    private static final long ROWS = 500_000;
    private static final int KILLS = 5;
    private static final String PACE =
            "{order: Plain, parallelism: 2, maxRowsPerSecond: 20000, batchSize: {initial: 1000, max: 2000}}";

    @Test
    void fiveKillsAtAnyMomentLoseNoRowAndRepeatNoBatch(Scenario scenario) throws Exception {
        // given a migration that counts, and a table that refuses every batch from before the checkpoint
        var counters = Counters.create(scenario, ROWS).refusingStepsBack();
        var moments = moments(Long.getLong("cairn.seed", System.nanoTime()));
        try (var versions = scenario.watch(DataMigration.class);
                var jobs = scenario.watch(Job.class)) {
            scenario.apply(Counters.TARGET);
            scenario.apply(Counters.migration(PACE));

            // when each of its first five pods is killed at a random moment
            for (int kill = 0; kill < KILLS; kill++) {
                int attempt = kill + 1;
                long moment = moments.get(kill);
                scenario.eventually(
                        "attempt " + attempt + " past row " + moment,
                        () -> counters.attempts() == attempt && counters.changed() >= moment);
                var pod = scenario.runningPod(Counters.REFERENCE);
                long killed = System.nanoTime();
                scenario.kill(pod);
                goesOn(scenario, counters, attempt + 1);
                System.out.println("kill " + attempt + ": the next batch was committed after "
                        + Duration.ofNanos(System.nanoTime() - killed).toMillis() / 1000.0 + " s");
            }

            // then the sixth finishes, and every row was changed once
            scenario.await(Counters.REFERENCE, Phase.Applied);
            counters.requireExactlyOnce();
            assertThat(counters.attempts()).isEqualTo(KILLS + 1);
            assertThat(jobs.objects())
                    .as("Jobs: another one after each attempt that is known to have made progress")
                    .isBetween(2L, KILLS + 1L);

            // and what people saw of it never went back
            var statuses = statuses(versions);
            assertThat(attempts(statuses)).isSorted().endsWith(KILLS + 1);
            assertThat(checkpoints(statuses)).isSorted().endsWith(3 * ROWS);
            assertThat(walked(statuses)).isSorted().endsWith(ROWS);
        }
    }

    /** Waits for a batch of this attempt: what the one before had sent to the server may still be committed after its end. */
    private static void goesOn(Scenario scenario, Counters counters, int attempt) {
        scenario.eventually("attempt " + attempt, () -> counters.attempts() == attempt);
        long before = counters.batches();
        scenario.eventually("a batch of attempt " + attempt, () -> counters.batches() > before);
    }

    /** Rows after which to kill, growing. */
    private static List<Long> moments(long seed) {
        System.out.println("kills at random moments: -Dcairn.seed=" + seed);
        return new Random(seed).longs(KILLS, 0, ROWS * 9 / 10).sorted().boxed().toList();
    }

    private static List<MigrationStatus> statuses(Sightings<DataMigration> versions) {
        return versions.versions().stream()
                .map(DataMigration::getStatus)
                .filter(Objects::nonNull)
                .toList();
    }

    /** A value that disappears counts as a step back. */
    private static List<Integer> attempts(List<MigrationStatus> statuses) {
        return statuses.stream()
                .map(status -> Objects.requireNonNullElse(status.attempts(), 0))
                .toList();
    }

    private static List<Long> walked(List<MigrationStatus> statuses) {
        return statuses.stream().map(KilledRunnerTest::walked).toList();
    }

    private static long walked(MigrationStatus status) {
        var progress = status.progress();
        return progress == null ? 0 : Objects.requireNonNullElse(progress.walked(), 0L);
    }

    private static List<Long> checkpoints(List<MigrationStatus> statuses) {
        return statuses.stream().map(KilledRunnerTest::checkpoint).toList();
    }

    private static long checkpoint(MigrationStatus status) {
        var checkpoint = status.checkpoint();
        if (checkpoint == null) return 0;
        return checkpoint.ranges().stream()
                .map(MigrationStatus.Range::cursor)
                .filter(Objects::nonNull)
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0);
    }
}
