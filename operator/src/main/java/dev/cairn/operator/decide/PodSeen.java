package dev.cairn.operator.decide;

import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A pod of the Job.
 *
 * @param name of the pod
 * @param created when the Job created it
 * @param releasable whether the Job controller has counted it, so that it may be deleted
 * @param lost whether its node is gone, so that the state of its container is unknown
 * @param state the state of its container
 */
public record PodSeen(String name, Instant created, boolean releasable, boolean lost, State state) {

    /** The state of the migration's container. */
    public sealed interface State {}

    /**
     * It has not started.
     *
     * @param obstacle what prevents its start, null while no problem is known
     */
    public record Pending(@Nullable StartFailure obstacle) implements State {}

    /** It runs. */
    public record Running() implements State {}

    /**
     * It has ended.
     *
     * @param exitCode of the container, -1 where it never ran or the code is unknown
     * @param cause Kubernetes' reason, such as OOMKilled or Evicted
     * @param outcome the runner's outcome, null where none can be read
     * @param progress the runner's progress, null where it wrote none
     * @param at the time
     */
    public record Ended(
            int exitCode,
            String cause,
            @Nullable Outcome outcome,
            @Nullable Progress progress,
            Instant at) implements State {
        /** An end whose progress is that of the outcome. */
        public Ended(int exitCode, String cause, @Nullable Outcome outcome, Instant at) {
            this(exitCode, cause, outcome, outcome == null ? null : outcome.progress(), at);
        }

        /** The end by Kubernetes' reason alone, and what to do. */
        public String withoutOutcome() {
            return switch (cause) {
                case "OOMKilled" ->
                    "its container ran out of memory: raise spec.job.resources.limits.memory of the target";
                case "Evicted" -> "its pod was evicted from its node";
                default ->
                    exitCode == -1
                            ? "its pod ended as " + cause
                            : "its container ended with exit code %d (%s) and left no outcome"
                                    .formatted(exitCode, cause);
            };
        }
    }
}
