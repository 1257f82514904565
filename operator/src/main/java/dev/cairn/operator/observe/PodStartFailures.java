package dev.cairn.operator.observe;

import dev.cairn.plan.Mounts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What keeps a pod from starting, and what to do about it: the ends of sentences that begin "… cannot start:". */
final class PodStartFailures {
    private PodStartFailures() {}

    /** Null while nothing is known to be wrong. */
    static @Nullable String of(Pod pod, @Nullable String mountFailure) {
        var name = pod.getMetadata().getName();
        return containers(pod)
                .flatMap(status -> waiting(pod, status).stream())
                .findFirst()
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

    /** The migration's, and those of ours that start before it. */
    private static Stream<ContainerStatus> containers(Pod pod) {
        var status = pod.getStatus();
        if (status == null) return Stream.empty();
        return Stream.concat(status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream())
                .filter(container -> container.getState() != null
                        && container.getState().getWaiting() != null
                        && (container.getName().equals(Mounts.CONTAINER) || isBeside(pod)));
    }

    private static Optional<String> waiting(Pod pod, ContainerStatus container) {
        var name = pod.getMetadata().getName();
        var waiting = container.getState().getWaiting();
        var reason = waiting.getReason();
        var message = waiting.getMessage();
        var image = image(pod, container.getName());
        var source = isBeside(pod) && container.getName().equals(Mounts.CONTAINER)
                ? "spec.container.image"
                : "image.runner in the values of Cairn's chart";
        return switch (String.valueOf(reason)) {
            case "ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "RegistryUnavailable" ->
                Optional.of(
                        "pod %s cannot pull the image %s%s: check its name (%s) and spec.job.imagePullSecrets of the target."
                                .formatted(name, image, pullFailure(message), source));
            case "InvalidImageName" ->
                Optional.of("the image name %s is not valid: correct %s.".formatted(image, source));
            case "CreateContainerConfigError", "CreateContainerError", "RunContainerError" ->
                Optional.of(
                        "the container of pod %s cannot be made (%s: %s).".formatted(name, reason, oneLine(message)));
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

    /** Whether the migration is a container of the user's own, with the runner beside it. */
    private static boolean isBeside(Pod pod) {
        return pod.getSpec().getInitContainers().stream()
                .anyMatch(container -> container.getName().equals(Mounts.SIDECAR));
    }

    private static String image(Pod pod, String name) {
        return Stream.concat(pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
                .filter(container -> container.getName().equals(name))
                .map(Container::getImage)
                .findFirst()
                .orElse("");
    }

    private static String oneLine(@Nullable String text) {
        return text == null
                ? "no message"
                : text.strip().replaceAll("\\s+", " ").replaceAll("\\.$", "");
    }
}
