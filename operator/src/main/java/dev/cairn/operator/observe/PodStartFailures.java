package dev.cairn.operator.observe;

import dev.cairn.operator.decide.StartFailure;
import dev.cairn.operator.decide.StartFailure.Pull;
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

/** Finds what prevents the start of a pod, from its status and Events. */
final class PodStartFailures {
    private PodStartFailures() {}

    /** The failure; null while no problem is known. */
    static @Nullable StartFailure of(Pod pod, @Nullable String mountFailure) {
        var name = pod.getMetadata().getName();
        return containers(pod)
                .flatMap(status -> waiting(pod, status).stream())
                .findFirst()
                .or(() -> unschedulable(pod))
                .or(() ->
                        Optional.ofNullable(mountFailure).map(message -> new StartFailure.FilesMissing(name, message)))
                .orElse(null);
    }

    /** The Job controller's newest warning about a Job. */
    static @Nullable StartFailure ofJob(String job, Stream<Event> events) {
        return newest(events)
                .map(message -> new StartFailure.PodRefused(job, message))
                .orElse(null);
    }

    static Optional<String> newest(Stream<Event> events) {
        return events.max(Comparator.comparing(event -> String.valueOf(event.getLastTimestamp())))
                .map(event -> oneLine(event.getMessage()));
    }

    /** The migration's container, and Cairn's containers that start before it. */
    private static Stream<ContainerStatus> containers(Pod pod) {
        var status = pod.getStatus();
        if (status == null) return Stream.empty();
        return Stream.concat(status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream())
                .filter(container -> container.getState() != null
                        && container.getState().getWaiting() != null
                        && (container.getName().equals(Mounts.CONTAINER) || isBeside(pod)));
    }

    private static Optional<StartFailure> waiting(Pod pod, ContainerStatus container) {
        var name = pod.getMetadata().getName();
        var waiting = container.getState().getWaiting();
        var reason = String.valueOf(waiting.getReason());
        var message = waiting.getMessage();
        var image = image(pod, container.getName());
        boolean own = isBeside(pod) && container.getName().equals(Mounts.CONTAINER);
        return switch (reason) {
            case "ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "RegistryUnavailable" ->
                Optional.of(new StartFailure.ImageNotPulled(name, image, pullFailure(message), own));
            case "InvalidImageName" -> Optional.of(new StartFailure.ImageNameInvalid(image, own));
            case "CreateContainerConfigError", "CreateContainerError", "RunContainerError" ->
                Optional.of(new StartFailure.ContainerNotMade(name, reason, oneLine(message)));
            default -> Optional.empty();
        };
    }

    /**
     * The meaning of the kubelet's text. The text itself changes with every attempt and would change the status each
     * time.
     */
    private static Pull pullFailure(@Nullable String message) {
        var text = String.valueOf(message).toLowerCase(Locale.ROOT);
        if (text.contains("not found")) return Pull.NO_SUCH_IMAGE;
        if (text.contains("denied") || text.contains("unauthorized") || text.contains("authentication"))
            return Pull.ACCESS_REFUSED;
        if (text.contains("no such host") || text.contains("dial tcp") || text.contains("timeout"))
            return Pull.REGISTRY_UNREACHABLE;
        return Pull.OTHER;
    }

    private static Optional<StartFailure> unschedulable(Pod pod) {
        return Stream.ofNullable(pod.getStatus())
                .flatMap(status -> status.getConditions().stream())
                .filter(condition -> condition.getType().equals("PodScheduled")
                        && condition.getStatus().equals("False")
                        && "Unschedulable".equals(condition.getReason()))
                .findFirst()
                .map(condition ->
                        new StartFailure.Unschedulable(pod.getMetadata().getName(), oneLine(condition.getMessage())));
    }

    /** Whether the migration is the user's container, with the runner beside it. */
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
