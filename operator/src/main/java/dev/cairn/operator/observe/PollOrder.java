package dev.cairn.operator.observe;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides which pods to poll for their progress in each second. Each pod is polled every five seconds. Of many pods at
 * most ten are polled, those that wait longest. An answer costs the API server at most two writes, of a status and of
 * an Event. So all running migrations together cause at most twenty writes a second. Not thread-safe.
 */
final class PollOrder {
    static final int MOST_IN_A_SECOND = 10;
    static final int SECONDS_BETWEEN = 5;

    /** The second of the last poll of each pod, by UID. */
    private final Map<String, Long> asked = new HashMap<>();

    private long second;

    /**
     * Call this once a second.
     *
     * @param running the UIDs of all pods that can answer now
     * @return the UIDs of the pods to poll
     */
    List<String> next(Collection<String> running) {
        second++;
        asked.keySet().retainAll(running);
        for (var pod : running) asked.putIfAbsent(pod, second - 1 - Math.floorMod(pod.hashCode(), SECONDS_BETWEEN));
        var next = asked.entrySet().stream()
                .filter(pod -> pod.getValue() + SECONDS_BETWEEN <= second)
                .sorted(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_IN_A_SECOND)
                .map(Map.Entry::getKey)
                .toList();
        next.forEach(pod -> asked.put(pod, second));
        return next;
    }
}
