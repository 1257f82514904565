package dev.cairn.operator.decide;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Job of a migration: the unfinished one, else the one of its present plan and retry.
 *
 * @param name of the Job
 * @param planHash of the plan that it carries out
 * @param image of its runner, as it was requested
 * @param dryRun whether it changes nothing
 * @param state its state
 * @param suspended whether its spec says so
 * @param failedPods as the Job counts them
 * @param obstacle why it cannot create a pod, null while no problem is known
 * @param pods its pods, the newest first
 * @param attempt what distinguishes it from earlier and later Jobs
 */
public record JobSeen(
        String name,
        String planHash,
        String image,
        boolean dryRun,
        State state,
        boolean suspended,
        int failedPods,
        @Nullable StartFailure obstacle,
        List<PodSeen> pods,
        Attempt attempt) {
    /** Copies the list. */
    public JobSeen {
        pods = List.copyOf(pods);
    }

    /** Whether the container of its newest pod runs. */
    public boolean isAtWork() {
        return !pods.isEmpty() && pods.getFirst().state() instanceof PodSeen.Running;
    }

    /** The state of a Job. */
    public sealed interface State {}

    /** It is not over. */
    public record Unfinished() implements State {}

    /** It is not over, but is being deleted. */
    public record Deleting() implements State {}

    /** It has completed. */
    public record Complete() implements State {}

    /**
     * It has failed permanently.
     *
     * @param message the Job controller's message
     */
    public record Failed(String message) implements State {}
}
