package dev.cairn.operator;

import dev.cairn.operator.job.RunnerImage;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The options from the environment.
 *
 * @param runner {@code CAIRN_RUNNER_IMAGE} (required), {@code CAIRN_RUNNER_PULL_POLICY} (IfNotPresent) and {@code
 *     CAIRN_RUNNER_FIXED_USER} (true; false where the platform assigns user ids)
 * @param namespaces {@code CAIRN_WATCH_NAMESPACES}, separated by commas; empty for all
 * @param lease {@code CAIRN_LEADER_ELECTION}: the name of the lease that it needs to work; empty to work without a
 *     lease, as a single process
 * @param namespace {@code CAIRN_NAMESPACE}, where the lease is; null for the client's own
 * @param pod {@code CAIRN_POD}, its name in the lease; null for a generated one
 * @param healthPort {@code CAIRN_HEALTH_PORT} (8081)
 */
record Options(
        RunnerImage runner,
        Set<String> namespaces,
        String lease,
        @Nullable String namespace,
        @Nullable String pod,
        int healthPort) {
    /** @throws IllegalArgumentException if a required variable is missing or unreadable; the message names it */
    static Options from(Map<String, String> environment) {
        var image = environment.getOrDefault("CAIRN_RUNNER_IMAGE", "");
        if (image.isBlank())
            throw new IllegalArgumentException("CAIRN_RUNNER_IMAGE is not set: name the image that runs migrations");
        return new Options(
                new RunnerImage(
                        image,
                        environment.getOrDefault("CAIRN_RUNNER_PULL_POLICY", "IfNotPresent"),
                        Boolean.parseBoolean(environment.getOrDefault("CAIRN_RUNNER_FIXED_USER", "true"))),
                namespaces(environment.getOrDefault("CAIRN_WATCH_NAMESPACES", "")),
                environment.getOrDefault("CAIRN_LEADER_ELECTION", ""),
                environment.get("CAIRN_NAMESPACE"),
                environment.get("CAIRN_POD"),
                Integer.parseInt(environment.getOrDefault("CAIRN_HEALTH_PORT", "8081")));
    }

    private static Set<String> namespaces(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
