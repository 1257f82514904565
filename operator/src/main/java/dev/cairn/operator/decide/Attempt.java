package dev.cairn.operator.decide;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What distinguishes a Job from earlier and later Jobs of the same plan.
 *
 * @param rendered the digest of its pod's inputs; empty for a Job of a release that wrote none
 * @param startedFrom the known progress of the migration when the Job was made
 * @param successor the name of the next Job after it
 * @param replaced whether it is replaced, so that its successor must be made
 * @param before the end of the previous Job's attempt, null where unknown
 * @param former earlier, replaced Jobs that are kept for their failed pods, the newest first
 */
public record Attempt(
        String rendered,
        ProgressMark startedFrom,
        String successor,
        boolean replaced,
        PodSeen.@Nullable Ended before,
        List<String> former) {
    /** Copies the list. */
    public Attempt {
        former = List.copyOf(former);
    }
}
