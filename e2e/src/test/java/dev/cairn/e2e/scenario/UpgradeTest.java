package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import dev.cairn.e2e.Chart;
import dev.cairn.e2e.Command;
import dev.cairn.e2e.Project;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** {@code helm upgrade} from the version before this one, in the middle of a backfill. */
@OnCluster
@Isolated
@Order(PermissionsTest.AFTER_ALL_THAT_USE_THEM + 1)
class UpgradeTest {
    private static final String SCHEMA = """
            apiVersion: cairn.dev/v1alpha1
            kind: SchemaMigration
            metadata: {name: note}
            spec:
              targetRef: {name: chat}
              steps:
              - sql: ALTER TABLE counters ADD COLUMN note text
            """;

    @Test
    void aBackfillOfThePreviousVersionGoesOnAndEndsUnderThisOne(Scenario scenario) throws Exception {
        // given the version before, with a schema migration that is applied and a backfill in the middle
        var counters = Counters.create(scenario, 200_000).refusingStepsBack();
        try {
            installPrevious(scenario);
            scenario.apply(Counters.TARGET);
            scenario.apply(SCHEMA);
            scenario.await("SchemaMigration/note", Phase.Applied);
            counters.begin();

            // when this version is installed, then the backfill goes on
            Chart.install(scenario.cluster(), Map.of());
            counters.goesOn();
            assertThat(counters.attempts()).as("starts").isEqualTo(1);

            // and when its pod is killed, then the runner of this version goes on from the checkpoint of the other
            scenario.kill(scenario.runningPod(Counters.REFERENCE));
            counters.goesOn();
            scenario.apply(Counters.migration(Counters.FAST));
            scenario.await(Counters.REFERENCE, Phase.Applied);
            counters.requireExactlyOnce();

            // and what was applied before is not run again
            scenario.await("SchemaMigration/note", Phase.Applied);
            assertThat(scenario.value("SELECT max(attempts) FROM cairn.migration WHERE kind = 'SchemaMigration'"))
                    .isEqualTo("1");
        } finally {
            Chart.install(scenario.cluster(), Map.of());
        }
    }

    private static void installPrevious(Scenario scenario) {
        var previous = Path.of(
                Command.run(Project.root().resolve("e2e/images/previous").toString()));
        scenario.cluster().load(List.of(previous.resolve("cairn-runner.tar"), previous.resolve("cairn-operator.tar")));
        Chart.install(
                scenario.cluster(),
                previous.resolve("chart"),
                Map.of("image.runner.tag", "0.0.0-previous", "image.operator.tag", "0.0.0-previous"));
    }
}
