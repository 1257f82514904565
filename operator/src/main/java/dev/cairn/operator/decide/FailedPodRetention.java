package dev.cairn.operator.decide;

import dev.cairn.operator.decide.PodSeen.Ended;
import java.util.List;

/**
 * The leftovers of failed attempts to delete. The newest three stay as evidence; the others only fill the cluster. An
 * ended pod of the present Job counts as one. A Job that another one replaced counts as one too, with all its pods: at
 * most three stayed with it, since this rule held for them before.
 *
 * @param pods to delete
 * @param jobs to delete, with their pods
 */
public record FailedPodRetention(List<String> pods, List<String> jobs) {
    /** Nothing to delete. */
    public static final FailedPodRetention NONE = new FailedPodRetention(List.of(), List.of());

    private static final int KEPT = 3;

    /** Copies the lists. */
    public FailedPodRetention {
        pods = List.copyOf(pods);
        jobs = List.copyOf(jobs);
    }

    static FailedPodRetention of(JobSeen job) {
        long ended =
                job.pods().stream().filter(pod -> pod.state() instanceof Ended).count();
        return new FailedPodRetention(
                job.pods().stream()
                        .filter(pod -> pod.state() instanceof Ended && pod.releasable())
                        .skip(KEPT)
                        .map(PodSeen::name)
                        .toList(),
                job.attempt().former().stream().skip(Math.max(0, KEPT - ended)).toList());
    }
}
