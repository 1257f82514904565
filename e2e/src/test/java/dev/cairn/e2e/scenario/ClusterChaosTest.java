package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.MigrationTarget;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Everything is killed or stopped at random while a graph of thirty migrations runs: runners, the operator, Jobs, the API
 * server, the database. {@code -Dcairn.seed=…} repeats kinds and moments of the faults.
 */
@OnCluster
@Isolated
@Order(Integer.MAX_VALUE)
class ClusterChaosTest {
    private static final Pattern OBJECT = Pattern.compile(
            "\\b(SchemaMigration|DataMigration|MigrationTarget)/([a-z0-9.-]*[a-z0-9])|\\b(Job|pod) ([a-z0-9][a-z0-9.-]*-[a-z0-9]+)");

    @Test
    void tenFaultsLeaveEveryRowRight(@OwnServer Scenario scenario) throws Exception {
        play(scenario, 10, 8_000);
    }

    @Test
    @Tag("full")
    void aHundredFaultsLeaveEveryRowRight(@OwnServer Scenario scenario) throws Exception {
        play(scenario, 100, 60_000);
    }

    private static void play(Scenario scenario, int faults, int rows) throws Exception {
        // given a graph over three targets, with schema, backfills of several workers, SQL that runs once, and programs
        long seed = Long.getLong("cairn.seed", System.nanoTime());
        System.out.println("chaos: -Dcairn.seed=" + seed);
        ExampleImages.load(scenario.cluster());
        var graph = ChaosGraph.create(scenario, rows);
        graph.apply();

        // when faults happen all the way through
        var random = new Random(seed);
        var moments = random.longs(faults, 0, graph.wholeProgress() * 9 / 10)
                .sorted()
                .boxed()
                .toList();
        var all = List.of(Fault.values());
        var kinds = random.ints(faults, 0, all.size()).mapToObj(all::get).toList();
        for (int n = 0; n < faults; n++) {
            long moment = moments.get(n);
            var fault = kinds.get(n);
            scenario.eventually("progress past " + moment, () -> graph.progress() >= moment);
            System.out.println("chaos: " + fault + " past " + moment + " of " + graph.wholeProgress());
            scenario.eventually(fault + " strikes", () -> fault.strike(scenario, random));
        }

        // then everything ends applied, each step and each row once
        graph.awaitApplied();
        graph.requireRight();
        requireNothingStuck(scenario, graph);
        requireTrueMessages(scenario, graph);
    }

    private static void requireNothingStuck(Scenario scenario, ChaosGraph graph) {
        scenario.eventually("no unfinished Job", () -> all(scenario, Job.class).allMatch(ClusterChaosTest::isOver));
        scenario.eventually(
                "targets that count all as applied",
                () -> all(scenario, MigrationTarget.class)
                        .allMatch(target -> target.getStatus().applied() == 10
                                && target.getStatus().running() == 0
                                && target.getStatus().waiting() == 0));
        assertThat(graph.references()).hasSize(30);
    }

    /** A Job that another one followed counts as failed. */
    private static boolean isOver(Job job) {
        return job.getStatus() != null
                && job.getStatus().getConditions().stream()
                        .anyMatch(condition -> List.of("Complete", "Failed").contains(condition.getType())
                                && "True".equals(condition.getStatus()));
    }

    /** A message that sends people to an object that is not there sends them astray. */
    private static void requireTrueMessages(Scenario scenario, ChaosGraph graph) {
        var present = Stream.concat(
                        scenario.remains().stream().map(ClusterChaosTest::spoken),
                        Stream.concat(
                                graph.references().stream(),
                                all(scenario, MigrationTarget.class)
                                        .map(target -> "MigrationTarget/"
                                                + target.getMetadata().getName())))
                .collect(Collectors.toSet());
        for (var reference : graph.references()) {
            var message = Migrations.message(scenario.await(reference, "present", migration -> true));
            assertThat(named(message)).as(message).isSubsetOf(present);
        }
    }

    private static Set<String> named(String message) {
        return OBJECT.matcher(message)
                .results()
                .map(match -> match.group().replaceFirst("^(Job|pod) ", "$1/"))
                .collect(Collectors.toSet());
    }

    private static String spoken(HasMetadata object) {
        return (object instanceof Job ? "Job/" : "pod/") + object.getMetadata().getName();
    }

    private static <T extends HasMetadata> Stream<T> all(Scenario scenario, Class<T> type) {
        return scenario.client().resources(type).inNamespace(scenario.namespace()).list().getItems().stream();
    }
}
