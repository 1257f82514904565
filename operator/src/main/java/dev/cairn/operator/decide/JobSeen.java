package dev.cairn.operator.decide;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Job of a migration: the unfinished one if there is one, else the one of its present plan and retry.
 *
 * @param name of the Job
 * @param planHash of the plan that it carries out
 * @param image of its runner, as it was asked for
 * @param dryRun whether it changes nothing
 * @param state how it stands
 * @param suspended whether its spec says so
 * @param failedPods as the Job counts them
 * @param obstacle why it cannot create a pod, null while nothing is known to be wrong
 * @param pods its pods, the newest first
 * @param attempt what tells it from the Jobs before and after it
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

    /** How a Job stands. */
    public sealed interface State {}

    /** It is not over. */
    public record Unfinished() implements State {}

    /** It is not over, but somebody deletes it. */
    public record Deleting() implements State {}

    /** It has completed. */
    public record Complete() implements State {}

    /**
     * It has failed for good.
     *
     * @param message the Job controller's
     */
    public record Failed(String message) implements State {}
}
