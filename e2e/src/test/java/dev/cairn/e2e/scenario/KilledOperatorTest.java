package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Migration;
import dev.cairn.crds.Phase;
import dev.cairn.e2e.Chart;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The operator only starts and tells: what runs goes on without it. */
@OnCluster
class KilledOperatorTest {
    @Test
    @ResourceLock(value = OnCluster.OPERATOR, mode = ResourceAccessMode.READ_WRITE)
    void theJobGoesOnWithoutTheOperatorAndTheStatusCatchesUp(Scenario scenario) throws Exception {
        // given a migration in the middle
        var counters = Counters.create(scenario, 200_000);
        try (var jobs = scenario.watch(Job.class);
                var pods = scenario.watch(Pod.class)) {
            counters.begin();
            var operator = scenario.operatorPods().getFirst();

            // when the operator's process is killed, then the batches go on and its next process tells of them
            scenario.kill(operator);
            counters.goesOn();
            awaitStatusOf(scenario, counters.changed());

            // and when its pod is deleted without a word, then they go on again and another pod tells of them
            scenario.client()
                    .pods()
                    .inNamespace(Chart.NAMESPACE)
                    .resource(operator)
                    .withGracePeriod(0)
                    .delete();
            counters.goesOn();
            awaitStatusOf(scenario, counters.changed());
            assertThat(scenario.operatorPods())
                    .extracting(pod -> pod.getMetadata().getUid())
                    .doesNotContain(operator.getMetadata().getUid());

            // and it all was one Job with one pod
            scenario.apply(Counters.migration(Counters.FAST));
            scenario.await(Counters.REFERENCE, Phase.Applied);
            counters.requireExactlyOnce();
            assertThat(jobs.objects()).as("Jobs").isEqualTo(1);
            assertThat(pods.objects()).as("pods").isEqualTo(1);
            assertThat(counters.attempts()).isEqualTo(1);
        }
    }

    private static void awaitStatusOf(Scenario scenario, long rows) {
        scenario.await(Counters.REFERENCE, "a status of " + rows + " rows", migration -> walked(migration) >= rows);
    }

    private static long walked(Migration migration) {
        var status = migration.status();
        if (status == null || status.progress() == null) return 0;
        var walked = status.progress().walked();
        return walked == null ? 0 : walked;
    }
}
