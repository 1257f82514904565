package dev.cairn.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.cairn.operator.decide.PodSeen;
import dev.cairn.operator.decide.StartFailure;
import dev.cairn.plan.LastProgress;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Reason;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PodReadingTest {
    private static final String ENDED =
            "{phase: Failed, containerStatuses: [{name: migration, state: {terminated: {exitCode: %d, reason: %s, finishedAt: '2026-01-01T00:01:00Z', message: '%s'}}}]}";

    private static final Progress TEN_WALKED =
            new Progress(Progress.Activity.Running, null, 1, 0, 0, 10, 10, null, 0, 0, 1_000, List.of());

    private static final String BESIDE = """
            apiVersion: v1
            kind: Pod
            metadata: {name: p, creationTimestamp: "2026-01-01T00:00:00Z"}
            spec:
              initContainers: [{name: launcher, image: "cairn/runner:1"}, {name: checkpoint, image: "cairn/runner:1"}]
              containers: [{name: migration, image: "fill:1"}]
            status: %s
            """;

    static Stream<Arguments> obstacles() {
        return Stream.of(
                arguments(
                        waiting("ErrImagePull", "rpc error: code = NotFound desc = x: not found"),
                        "cannot pull the image cairn/runner:1 (there is no such image): check its name (image.runner"),
                arguments(
                        waiting("ImagePullBackOff", "Back-off: ErrImagePull: pull access denied"),
                        "(the registry refuses access)"),
                arguments(
                        waiting("ImagePullBackOff", "dial tcp 10.0.0.1:443: i/o timeout"),
                        "(the registry cannot be reached)"),
                arguments(waiting("InvalidImageName", "couldn't parse"), "image name cairn/runner:1 is not valid"),
                arguments(
                        waiting("CreateContainerConfigError", "secret \"x\" not found"),
                        "cannot be made (CreateContainerConfigError: secret \"x\" not found)"),
                arguments(
                        "{phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: 0/3 nodes are available.}]}",
                        "no node takes its pod p (0/3 nodes are available)"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("obstacles")
    void whatKeepsAPodFromStartingIsSaidWithWhatToDo(String status, String words) {
        assertThat(state(status))
                .isInstanceOfSatisfying(
                        PodSeen.Pending.class,
                        pending -> assertThat(pending.obstacle().words())
                                .contains(words)
                                .endsWith("."));
    }

    @Test
    void ofAUsersContainerAndTheRunnerBesideItEachImageIsNamedWithItsOwnRemedy() {
        var own = Serialization.unmarshal(BESIDE.formatted(waiting("ErrImagePull", "not found")), Pod.class);
        assertThat(obstacle(own))
                .contains(
                        "cannot pull the image fill:1 (there is no such image): check its name (spec.container.image)");
        var runner = Serialization.unmarshal(
                BESIDE.formatted(waiting("ErrImagePull", "not found")
                        .replace("containerStatuses", "initContainerStatuses")
                        .replace("name: migration", "name: launcher")),
                Pod.class);
        assertThat(obstacle(runner))
                .contains(
                        "cannot pull the image cairn/runner:1 (there is no such image): check its name (image.runner");
    }

    private static String obstacle(Pod pod) {
        return ((PodSeen.Pending) PodReading.read(pod, null).state()).obstacle().words();
    }

    @Test
    void aPodThatIsSimplyOnItsWayHasNoObstacle() {
        assertThat(state(waiting("ContainerCreating", "x"))).isEqualTo(new PodSeen.Pending(null));
        assertThat(state("{phase: Pending}")).isEqualTo(new PodSeen.Pending(null));
    }

    @Test
    void aMissingVolumeIsKnownFromItsEventAlone() {
        var seen = PodReading.read(pod(waiting("ContainerCreating", "x")), "configmap \"c\" not found");
        assertThat(seen.state())
                .isEqualTo(new PodSeen.Pending(new StartFailure.FilesMissing("p", "configmap \"c\" not found")));
    }

    @Test
    void theRunnersLastWordsAreRead() {
        var outcome = new Outcome(Reason.SqlError, "no table", "42P01", null, Progress.NONE);
        assertThat(state(ENDED.formatted(65, "Error", outcome.toTerminationMessage())))
                .isEqualTo(new PodSeen.Ended(65, "Error", outcome, Instant.parse("2026-01-01T00:01:00Z")));
    }

    @Test
    void lastWordsThatNobodyCanReadAreNone() {
        assertThat(state(ENDED.formatted(137, "OOMKilled", "Killed")))
                .isEqualTo(new PodSeen.Ended(137, "OOMKilled", null, Instant.parse("2026-01-01T00:01:00Z")));
    }

    @Test
    void aRunnerThatWasKilledLeavesItsProgressAndNoOutcome() {
        var last = LastProgress.of(TEN_WALKED);
        assertThat(state(ENDED.formatted(137, "OOMKilled", last.toTerminationMessage())))
                .isEqualTo(new PodSeen.Ended(
                        137, "OOMKilled", null, last.progress(), Instant.parse("2026-01-01T00:01:00Z")));
    }

    @Test
    void ofAUsersContainerThatWasKilledTheRunnerBesideItTellsTheProgress() {
        var stopped = new Outcome(Reason.Stopped, "stopped", null, null, TEN_WALKED).toTerminationMessage();
        var killed = Serialization.unmarshal(
                BESIDE.formatted(ENDED.formatted(137, "OOMKilled", "Killed")
                        .replace(
                                "{phase: Failed,",
                                "{phase: Failed, initContainerStatuses: [{name: checkpoint, state: {terminated: {exitCode: 143, message: '"
                                        + stopped + "'}}}],")),
                Pod.class);
        assertThat(PodReading.read(killed, null).state())
                .isEqualTo(
                        new PodSeen.Ended(137, "OOMKilled", null, TEN_WALKED, Instant.parse("2026-01-01T00:01:00Z")));
    }

    @Test
    void aPodThatWasEvictedBeforeItRanHasEnded() {
        assertThat(state("{phase: Failed, reason: Evicted, startTime: '2026-01-01T00:00:30Z'}"))
                .isEqualTo(new PodSeen.Ended(-1, "Evicted", null, Instant.parse("2026-01-01T00:00:30Z")));
    }

    @Test
    void theExitOfASidecarIsNotTheMigrations() {
        assertThat(
                        state(
                                "{phase: Running, containerStatuses: [{name: proxy, state: {terminated: {exitCode: 65}}}, {name: migration, state: {running: {}}}]}"))
                .isEqualTo(new PodSeen.Running());
    }

    @Test
    void aPodIsReleasableOnceTheJobControllerHasCountedIt() {
        var pod = pod("{phase: Failed}");
        assertThat(PodReading.read(pod, null).releasable()).isTrue();
        pod.getMetadata().getFinalizers().add("batch.kubernetes.io/job-tracking");
        assertThat(PodReading.read(pod, null).releasable()).isFalse();
    }

    private static String waiting(String reason, String message) {
        return "{phase: Pending, containerStatuses: [{name: migration, state: {waiting: {reason: %s, message: '%s'}}}]}"
                .formatted(reason, message.replace("'", "''"));
    }

    private static PodSeen.State state(String status) {
        return PodReading.read(pod(status), null).state();
    }

    private static Pod pod(String status) {
        return Serialization.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: p, creationTimestamp: "2026-01-01T00:00:00Z"}
                spec: {containers: [{name: migration, image: "cairn/runner:1"}]}
                status: %s
                """.formatted(status), Pod.class);
    }
}
