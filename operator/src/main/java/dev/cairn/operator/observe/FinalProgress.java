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
 * What the runners of a Job said when they ended. A suspended Job deletes its pod at once: by the time its migration is
 * looked at, the pod's checkpoint may only have been seen on its way past.
 */
public final class FinalProgress {
    private final Map<String, Sighting> byJob = new ConcurrentHashMap<>();

    /** Hears what every pod says from now on, and forgets the Jobs that go. */
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

    /** A pod as it is now, or as it was when it went. */
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

    /** A pod of another namespace may name the same owner. */
    private static String key(HasMetadata object, String job) {
        return object.getMetadata().getNamespace() + "/" + job;
    }
}
