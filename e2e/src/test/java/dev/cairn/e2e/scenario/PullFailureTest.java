package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import dev.cairn.e2e.Chart;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The operator serves the whole cluster, so nothing else may run while it is told a wrong image. */
@OnCluster
@Isolated
class PullFailureTest {
    private static final String ADD = "SchemaMigration/add-moods";

    @Test
    void anImageThatCannotBePulledIsNamedAndAnUpgradeMendsIt(Scenario scenario) {
        // given a chart whose value for the runner's image is wrong
        Chart.install(scenario.cluster(), Map.of("image.runner.repository", "registry.invalid/cairn-runner"));
        try {
            // when a migration starts
            scenario.apply(Written.TARGET);
            scenario.apply(Written.schema("add-moods", "CREATE TABLE moods (name text PRIMARY KEY)"));

            // then it says which image it is that cannot be had, and where its name comes from
            scenario.await(
                    ADD,
                    "a word about the image",
                    found -> Migrations.message(found).contains("cannot pull"));
            assertThat(scenario.awaitMessage(ADD, "Running/Starting"))
                    .contains("cannot pull the image registry.invalid/cairn-runner", "check its name (image.runner");
            scenario.footprint().requires(ADD, 1, 1);
        } finally {
            Chart.install(scenario.cluster(), Map.of());
        }

        // and it goes on by itself after the upgrade that corrects it
        scenario.await(ADD, Phase.Applied);
        assertThat(scenario.footprint().jobs(ADD)).isEqualTo(2);
    }
}
