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
 * @param lost whether its node is gone, so that nobody can say what its container does
 * @param state what its container does
 */
public record PodSeen(String name, Instant created, boolean releasable, boolean lost, State state) {

    /** What the migration's container does. */
    public sealed interface State {}

    /**
     * It has not started.
     *
     * @param obstacle what keeps it from starting, null while nothing is known to be wrong
     */
    public record Pending(@Nullable StartFailure obstacle) implements State {}

    /** It runs. */
    public record Running() implements State {}

    /**
     * It has ended.
     *
     * @param exitCode of the container, -1 where it never ran or nobody knows
     * @param cause Kubernetes' word for it, such as OOMKilled or Evicted
     * @param outcome what the runner left, null for nothing that can be read
     * @param progress how far the runner was, null where it did not say
     * @param at when
     */
    public record Ended(
            int exitCode,
            String cause,
            @Nullable Outcome outcome,
            @Nullable Progress progress,
            Instant at) implements State {
        /** The progress is the outcome's. */
        public Ended(int exitCode, String cause, @Nullable Outcome outcome, Instant at) {
            this(exitCode, cause, outcome, outcome == null ? null : outcome.progress(), at);
        }

        /** How it ended, by Kubernetes' word alone, and what to do. */
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
