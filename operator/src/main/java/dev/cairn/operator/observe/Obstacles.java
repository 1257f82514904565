package dev.cairn.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What keeps a pod from starting, and what to do about it: the ends of sentences that begin "… cannot start:". */
final class Obstacles {
    private Obstacles() {}

    /** Null while nothing is known to be wrong. */
    static @Nullable String of(Pod pod, Optional<ContainerStatus> container, @Nullable String mountFailure) {
        var name = pod.getMetadata().getName();
        return container
                .map(status -> status.getState().getWaiting())
                .flatMap(waiting -> waiting(name, waiting.getReason(), waiting.getMessage(), image(pod)))
                .or(() -> unschedulable(pod))
                .or(() -> Optional.ofNullable(mountFailure)
                        .map(message -> "pod %s does not get its files (%s).".formatted(name, message)))
                .orElse(null);
    }

    /** The Job controller's newest complaint about a Job. */
    static @Nullable String ofJob(String job, Stream<Event> events) {
        return newest(events)
                .map(message ->
                        "its Job %s may not create a pod (%s): raise the quota, or change the policy that refuses it."
                                .formatted(job, message))
                .orElse(null);
    }

    static Optional<String> newest(Stream<Event> events) {
        return events.max(Comparator.comparing(event -> String.valueOf(event.getLastTimestamp())))
                .map(event -> oneLine(event.getMessage()));
    }

    private static Optional<String> waiting(
            String pod, @Nullable String reason, @Nullable String message, String image) {
        return switch (String.valueOf(reason)) {
            case "ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "RegistryUnavailable" ->
                Optional.of(
                        "pod %s cannot pull the image %s%s: check its name (image.runner in the values of Cairn's chart) and spec.job.imagePullSecrets of the target."
                                .formatted(pod, image, pullFailure(message)));
            case "InvalidImageName" ->
                Optional.of("the image name %s is not valid: correct image.runner in the values of Cairn's chart."
                        .formatted(image));
            case "CreateContainerConfigError", "CreateContainerError", "RunContainerError" ->
                Optional.of(
                        "the container of pod %s cannot be made (%s: %s).".formatted(pod, reason, oneLine(message)));
            default -> Optional.empty();
        };
    }

    /** The kubelet's text changes with every try; only what it means is kept, so that the status stays still. */
    private static String pullFailure(@Nullable String message) {
        var text = String.valueOf(message).toLowerCase(Locale.ROOT);
        if (text.contains("not found")) return " (there is no such image)";
        if (text.contains("denied") || text.contains("unauthorized") || text.contains("authentication"))
            return " (the registry refuses access)";
        if (text.contains("no such host") || text.contains("dial tcp") || text.contains("timeout"))
            return " (the registry cannot be reached)";
        return "";
    }

    private static Optional<String> unschedulable(Pod pod) {
        return Stream.ofNullable(pod.getStatus())
                .flatMap(status -> status.getConditions().stream())
                .filter(condition -> condition.getType().equals("PodScheduled")
                        && condition.getStatus().equals("False")
                        && "Unschedulable".equals(condition.getReason()))
                .findFirst()
                .map(condition -> "no node takes its pod %s (%s): make room, or change spec.job of the target."
                        .formatted(pod.getMetadata().getName(), oneLine(condition.getMessage())));
    }

    private static String image(Pod pod) {
        return pod.getSpec().getContainers().getFirst().getImage();
    }

    private static String oneLine(@Nullable String text) {
        return text == null
                ? "no message"
                : text.strip().replaceAll("\\s+", " ").replaceAll("\\.$", "");
    }
}
