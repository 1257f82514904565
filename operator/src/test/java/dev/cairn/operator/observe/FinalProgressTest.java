package dev.cairn.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.operator.decide.Observation.Sighting;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class FinalProgressTest {
    private static final Progress SAVED =
            new Progress(Activity.Running, null, 1, 0, 0, 1866, 1866, 200_000L, 0, 100, 1_000, List.of());

    private final FinalProgress finalProgress = new FinalProgress();

    @Test
    void theCheckpointOfAPodThatIsGoneIsStillKnown() {
        // given a pod of a suspended Job that ended with its checkpoint saved, and was deleted
        finalProgress.hear(
                pod("terminated: {exitCode: 143, reason: Error, finishedAt: '2026-01-01T00:01:00Z', message: '"
                        + new Outcome(Reason.Stopped, "stopped", null, null, SAVED).toTerminationMessage() + "'}"));

        // then its Job's progress is what it said
        assertThat(finalProgress.of(job("job-1"))).isEqualTo(new Sighting(SAVED, 0));
        assertThat(finalProgress.of(job("job-2"))).isEqualTo(Sighting.NONE);
    }

    @Test
    void aPodThatRunsOrWasKilledSaysNothing() {
        finalProgress.hear(pod("running: {}"));
        finalProgress.hear(pod("terminated: {exitCode: 137, reason: Error, finishedAt: '2026-01-01T00:01:00Z'}"));

        assertThat(finalProgress.of(job("job-1"))).isEqualTo(Sighting.NONE);
    }

    private static Pod pod(String state) {
        return Serialization.unmarshal(
                "metadata: {name: p, creationTimestamp: '2026-01-01T00:00:00Z', ownerReferences: [{kind: Job, uid: job-1}]}\n"
                        + "status: {phase: Running, containerStatuses: [{name: migration, state: {" + state + "}}]}",
                Pod.class);
    }

    private static Job job(String uid) {
        return Serialization.unmarshal("metadata: {name: j, uid: " + uid + "}", Job.class);
    }
}
