package dev.cairn.operator.decide;

/** What prevents the start of a pod. */
public sealed interface StartFailure {
    /** Why an image cannot be pulled. */
    enum Pull {
        NO_SUCH_IMAGE,
        ACCESS_REFUSED,
        REGISTRY_UNREACHABLE,
        OTHER
    }

    /**
     * The image cannot be pulled.
     *
     * @param own true for the migration's image, false for the runner's
     */
    record ImageNotPulled(String pod, String image, Pull why, boolean own) implements StartFailure {}

    /**
     * The image has no valid name.
     *
     * @param own true for the migration's image, false for the runner's
     */
    record ImageNameInvalid(String image, boolean own) implements StartFailure {}

    /** The node cannot make the container. Reason and message are the kubelet's. */
    record ContainerNotMade(String pod, String reason, String message) implements StartFailure {}

    /** No node accepts the pod. The message is the scheduler's. */
    record Unschedulable(String pod, String message) implements StartFailure {}

    /** The pod's volumes cannot be mounted. The message is the kubelet's. */
    record FilesMissing(String pod, String message) implements StartFailure {}

    /** The Job cannot create its pod. The message is the Job controller's. */
    record PodRefused(String job, String message) implements StartFailure {}

    /** The cause and what to do: the end of a sentence that begins "… cannot start:". */
    default String words() {
        return switch (this) {
            case ImageNotPulled(var pod, var image, var why, var own) ->
                "pod %s cannot pull the image %s%s: check its name (%s) and spec.job.imagePullSecrets of the target."
                        .formatted(pod, image, words(why), source(own));
            case ImageNameInvalid(var image, var own) ->
                "the image name %s is not valid: correct %s.".formatted(image, source(own));
            case ContainerNotMade(var pod, var reason, var message) ->
                "the container of pod %s cannot be made (%s: %s).".formatted(pod, reason, message);
            case Unschedulable(var pod, var message) ->
                "no node takes its pod %s (%s): make room, or change spec.job of the target.".formatted(pod, message);
            case FilesMissing(var pod, var message) -> "pod %s does not get its files (%s).".formatted(pod, message);
            case PodRefused(var job, var message) ->
                "its Job %s may not create a pod (%s): raise the quota, or change the policy that refuses it."
                        .formatted(job, message);
        };
    }

    private static String words(Pull why) {
        return switch (why) {
            case NO_SUCH_IMAGE -> " (there is no such image)";
            case ACCESS_REFUSED -> " (the registry refuses access)";
            case REGISTRY_UNREACHABLE -> " (the registry cannot be reached)";
            case OTHER -> "";
        };
    }

    private static String source(boolean own) {
        return own ? "spec.container.image" : "image.runner in the values of Cairn's chart";
    }
}
