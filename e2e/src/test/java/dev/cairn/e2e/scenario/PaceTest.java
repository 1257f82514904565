package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.Test;

/** How fast a backfill goes is decided while it goes. */
@OnCluster
class PaceTest {
    @Test
    void aNewPaceReachesTheRunningPod(Scenario scenario) throws Exception {
        // given a backfill that would take half an hour
        var counters = Counters.create(scenario, 1_000_000);
        try (var pods = scenario.watch(Pod.class)) {
            counters.begin();

            // when its limit is lifted
            scenario.apply(Counters.migration(Counters.FAST));

            // then it ends while we wait, in the pod in which it began
            scenario.await(Counters.REFERENCE, Phase.Applied);
            counters.requireExactlyOnce();
            assertThat(pods.objects()).as("pods").isEqualTo(1);
            assertThat(counters.attempts()).isEqualTo(1);
        }
    }
}
