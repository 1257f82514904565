package dev.cairn.operator.decide;

import dev.cairn.operator.decide.PodSeen.Ended;
import java.util.List;

/** Pods of failed attempts: the newest are evidence, the others only fill the cluster. */
final class Leftovers {
    private static final int KEPT = 3;

    private Leftovers() {}

    static List<String> of(JobSeen job) {
        return job.pods().stream()
                .filter(pod -> pod.state() instanceof Ended && pod.releasable())
                .skip(KEPT)
                .map(PodSeen::name)
                .toList();
    }
}
