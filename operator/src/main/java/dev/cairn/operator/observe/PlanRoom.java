package dev.cairn.operator.observe;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Room in memory for a large plan, which is held several times over while a Job is made of it: one look at a time has it,
 * from when it meets such a plan until it ends. Nobody waits for it inside a look, or many large plans of one namespace
 * would keep the workers from everybody else. Namespaces take turns. Small plans need no room. Thread-safe.
 */
public final class PlanRoom {
    /** A refused look asks again after two seconds. A namespace that has not asked for this long loses its place. */
    private static final Duration PLACE_KEPT = Duration.ofSeconds(20);

    private final LongSupplier nanoTime;

    /** The refused namespaces in the order of their turns, with the time at which each asked last. */
    private final Map<String, Long> waiting = new LinkedHashMap<>();

    private @Nullable Thread holder;

    /** Another look has it; this one is to be repeated after a moment. */
    public static final class TakenException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TakenException() {
            super("another large plan is being made");
        }
    }

    /** Room that nobody has taken. */
    public PlanRoom() {
        this(System::nanoTime);
    }

    PlanRoom(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Takes it for the look of this thread, which may have it already.
     *
     * @param namespace of the plan
     * @throws TakenException if another look has it, or another namespace has waited longer for it
     */
    public synchronized void take(String namespace) {
        if (Thread.currentThread().equals(holder)) return;
        long now = nanoTime.getAsLong();
        waiting.values().removeIf(asked -> now - asked > PLACE_KEPT.toNanos());
        waiting.put(namespace, now); // a namespace that waits already keeps its place
        boolean isNext = namespace.equals(waiting.keySet().iterator().next());
        if (holder != null || !isNext) throw new TakenException();
        waiting.remove(namespace);
        holder = Thread.currentThread();
    }

    /** Ends the look of this thread, whether it took the room or not. */
    public synchronized void leave() {
        if (Thread.currentThread().equals(holder)) holder = null;
    }
}
