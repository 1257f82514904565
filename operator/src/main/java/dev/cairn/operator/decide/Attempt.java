package dev.cairn.operator.decide;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tells a Job from those before and after it that carry out the same plan.
 *
 * @param rendered the digest of what its pod was rendered from; empty for a Job of a release that wrote none
 * @param startedFrom how far the migration was known to be when the Job was made
 * @param successor the name of the Job that would follow it
 * @param replaced whether it has given way, so that its successor is to be made
 * @param before how the attempt of the Job before it ended, null where nothing is known
 * @param former earlier Jobs that gave way and are kept for their failed pods, the newest first
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
