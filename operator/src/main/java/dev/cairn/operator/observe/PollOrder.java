package dev.cairn.operator.observe;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pods are asked for their progress in a second: each every five seconds, and of many no more than ten, those that
 * were not asked for the longest time. An answer costs the API server two writes at most, of a status and of an Event, so
 * that all running migrations together write twenty times a second at most. Not thread-safe.
 */
final class PollOrder {
    static final int MOST_IN_A_SECOND = 10;
    static final int SECONDS_BETWEEN = 5;

    /** In which second each pod was asked, by UID. */
    private final Map<String, Long> asked = new HashMap<>();

    private long second;

    /**
     * To be called once a second.
     *
     * @param running the UIDs of all pods that answer now
     * @return the UIDs of those to ask
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
