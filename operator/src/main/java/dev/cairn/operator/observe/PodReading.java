package dev.cairn.operator.observe;

import dev.cairn.operator.decide.PodSeen;
import dev.cairn.plan.LastProgress;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a pod's status into the types of decisions. */
final class PodReading {
    private static final String JOB_TRACKING = "batch.kubernetes.io/job-tracking";
    private static final int NOBODY_KNOWS = -1;

    private PodReading() {}

    /** @param mountFailure the kubelet's newest message about the pod's volumes, null for none */
    static PodSeen read(Pod pod, @Nullable String mountFailure) {
        return read(pod, mountFailure, false);
    }

    /** @param lost whether its node is gone */
    static PodSeen read(Pod pod, @Nullable String mountFailure, boolean lost) {
        var meta = pod.getMetadata();
        return new PodSeen(
                meta.getName(),
                Instant.parse(meta.getCreationTimestamp()),
                !meta.getFinalizers().contains(JOB_TRACKING),
                lost,
                state(pod, mountFailure));
    }

    private static PodSeen.State state(Pod pod, @Nullable String mountFailure) {
        var ended = end(pod);
        if (ended.isPresent()) return ended(ended.get(), pod);
        return switch (String.valueOf(pod.getStatus().getPhase())) {
            case "Failed" -> endedWithoutTrace(pod);
            case "Running" -> new PodSeen.Running();
            default -> new PodSeen.Pending(PodStartFailures.of(pod, mountFailure));
        };
    }

    static PodSeen.Ended ended(ContainerStateTerminated end, Pod pod) {
        var outcome = outcome(end.getMessage());
        return new PodSeen.Ended(
                end.getExitCode(),
                end.getReason() == null ? "Error" : end.getReason(),
                outcome,
                outcome != null ? outcome.progress() : lastProgress(end, pod),
                end.getFinishedAt() == null ? Instant.EPOCH : Instant.parse(end.getFinishedAt()));
    }

    /** The end of an evicted pod, or of a pod on a lost node. */
    private static PodSeen.Ended endedWithoutTrace(Pod pod) {
        var status = pod.getStatus();
        var at = status.getStartTime() == null ? pod.getMetadata().getCreationTimestamp() : status.getStartTime();
        return new PodSeen.Ended(
                NOBODY_KNOWS, status.getReason() == null ? "Failed" : status.getReason(), null, Instant.parse(at));
    }

    /** The outcome; null where a killed container left none, or another text. */
    private static @Nullable Outcome outcome(@Nullable String message) {
        if (message == null || message.isBlank()) return null;
        try {
            return Outcome.fromTerminationMessage(message);
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }

    /**
     * The last progress, which a runner updates while it works. Beside a user's container the runner has a separate
     * container.
     */
    private static @Nullable Progress lastProgress(ContainerStateTerminated end, Pod pod) {
        var besides = named(Mounts.SIDECAR, pod.getStatus().getInitContainerStatuses())
                .map(status -> status.getState().getTerminated());
        return Stream.concat(Stream.of(end), besides.stream())
                .map(ContainerStateTerminated::getMessage)
                .flatMap(message -> progress(message).stream())
                .findFirst()
                .orElse(null);
    }

    private static Optional<Progress> progress(@Nullable String message) {
        if (message == null || message.isBlank()) return Optional.empty();
        try {
            return Optional.of(LastProgress.fromTerminationMessage(message).progress());
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    /** The end of the container that does the work, empty where it has not ended. */
    static Optional<ContainerStateTerminated> end(Pod pod) {
        return Optional.ofNullable(pod.getStatus())
                .flatMap(status -> named(Mounts.CONTAINER, status.getContainerStatuses()))
                .map(status -> status.getState().getTerminated());
    }

    private static Optional<ContainerStatus> named(String name, List<ContainerStatus> containers) {
        return containers.stream()
                .filter(status -> status.getName().equals(name) && status.getState() != null)
                .findFirst();
    }
}
