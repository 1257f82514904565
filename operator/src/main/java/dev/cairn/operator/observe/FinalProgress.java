package dev.cairn.operator.observe;

import dev.cairn.operator.cache.ClusterCache;
import dev.cairn.operator.decide.Observation.Sighting;
import dev.cairn.operator.decide.PodSeen;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The final progress of a Job's runners. A suspended Job deletes its pod at once. So at the next pass the pod may be
 * gone, and only its event had the checkpoint.
 */
public final class FinalProgress {
    private final Map<String, Sighting> byJob = new ConcurrentHashMap<>();

    /** Records the progress of every pod from now on, and forgets deleted Jobs. */
    public void listen(ClusterCache cache) {
        cache.watchedPods()
                .onChange((before, after) -> Stream.of(Optional.ofNullable(after), Optional.ofNullable(before))
                        .flatMap(Optional::stream)
                        .findFirst()
                        .ifPresent(this::hear));
        cache.jobs().onChange((before, after) -> {
            if (after == null && before != null)
                byJob.remove(key(before, before.getMetadata().getUid()));
        });
    }

    /** Records the progress of a pod, in its present or its last state. */
    void hear(Pod pod) {
        if (!(PodReading.read(pod, null).state() instanceof PodSeen.Ended end)) return;
        var outcome = end.outcome();
        if (outcome == null) return;
        pod.getMetadata()
                .getOwnerReferences()
                .forEach(job -> byJob.put(key(pod, job.getUid()), new Sighting(outcome.progress(), 0)));
    }

    Sighting of(Job job) {
        return byJob.getOrDefault(key(job, job.getMetadata().getUid()), Sighting.NONE);
    }

    /** With the namespace: a pod of another namespace may name the same owner. */
    private static String key(HasMetadata object, String job) {
        return object.getMetadata().getNamespace() + "/" + job;
    }
}
