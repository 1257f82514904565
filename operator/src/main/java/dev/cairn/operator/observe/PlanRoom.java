package dev.cairn.operator.observe;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Room in memory for a large plan. While a Job is made, the plan is in memory several times. So only one pass at a time
 * has the room, from the large plan until the end of the pass. A pass does not wait for the room: many large plans of
 * one namespace would block the workers for others. Namespaces take turns. Small plans need no room. Thread-safe.
 */
public final class PlanRoom {
    /** A refused pass asks again after two seconds. A namespace that has not asked for this long loses its place. */
    private static final Duration PLACE_KEPT = Duration.ofSeconds(20);

    private final LongSupplier nanoTime;

    /** The refused namespaces in the order of their turns, with the time of their last request. */
    private final Map<String, Long> waiting = new LinkedHashMap<>();

    private @Nullable Thread holder;

    /** Another pass has the room. Repeat this pass after a moment. */
    public static final class TakenException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TakenException() {
            super("another large plan is being made");
        }
    }

    /** A free room. */
    public PlanRoom() {
        this(System::nanoTime);
    }

    PlanRoom(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Takes the room for the pass of this thread, which may already have it.
     *
     * @param namespace of the plan
     * @throws TakenException if another pass has it, or another namespace has waited longer for it
     */
    public synchronized void take(String namespace) {
        if (Thread.currentThread().equals(holder)) return;
        long now = nanoTime.getAsLong();
        waiting.values().removeIf(asked -> now - asked > PLACE_KEPT.toNanos());
        waiting.put(namespace, now); // a waiting namespace keeps its place
        boolean isNext = namespace.equals(waiting.keySet().iterator().next());
        if (holder != null || !isNext) throw new TakenException();
        waiting.remove(namespace);
        holder = Thread.currentThread();
    }

    /** Ends the pass of this thread, with or without the room. */
    public synchronized void leave() {
        if (Thread.currentThread().equals(holder)) holder = null;
    }
}
