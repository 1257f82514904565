package dev.cairn.operator.reconcile;

import dev.cairn.plan.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers that take keys from one queue and look at their objects. A look that fails is repeated after a pause that doubles
 * from a second to a minute; one that succeeds is repeated after ten minutes, from the caches.
 */
public final class ReconcileLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReconcileLoop.class);
    private static final int WORKERS = 8;
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

    /** Even where nothing has changed: from the caches, so it costs the API server nothing. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

    /** How long a look that is under way may take once the loop is told to end. */
    private static final Duration END_WITHIN = Duration.ofMillis(1500);

    /** Every request to the API server has a time limit of seconds, and a look makes some dozens of them at most. */
    private static final Duration LONGEST_LOOK = Duration.ofMinutes(5);

    private final WorkQueue<ObjectKey> queue = new WorkQueue<>();
    private final Map<ObjectKey, Integer> failures = new ConcurrentHashMap<>();
    private final ExecutorService workers = Executors.newFixedThreadPool(
            WORKERS, Thread.ofPlatform().daemon().name("reconcile-", 0).factory());
    /** Looks under way, with the time at which they began. */
    private final Map<ObjectKey, Long> underWay = new ConcurrentHashMap<>();

    private final Look look;
    private final LongSupplier nanoTime;

    /** Looks at one object. */
    @FunctionalInterface
    public interface Look {
        /**
         * One pass without waiting.
         *
         * @param failuresBefore looks at this object that failed in a row before this one
         */
        Next at(ObjectKey key, int failuresBefore);
    }

    /** When an object needs its next look. */
    public sealed interface Next {
        /** There is no such object any more. */
        record Never() implements Next {}

        /** When something changes, and otherwise after ten minutes. */
        record Whenever() implements Next {}

        /** After a pause of its own. */
        record After(Duration pause) implements Next {}

        /** After a pause that grows with each failure in a row. */
        record AfterFailure() implements Next {}
    }

    public ReconcileLoop(Look look) {
        this(look, System::nanoTime);
    }

    ReconcileLoop(Look look, LongSupplier nanoTime) {
        this.look = look;
        this.nanoTime = nanoTime;
    }

    /** Objects whose look has taken longer than any can: its worker hangs, and does nothing for the others either. */
    public List<ObjectKey> hung() {
        long now = nanoTime.getAsLong();
        return underWay.entrySet().stream()
                .filter(entry -> now - entry.getValue() > LONGEST_LOOK.toNanos())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Begins to work on what was added so far and from now on. */
    public void start() {
        for (int worker = 0; worker < WORKERS; worker++) workers.execute(this::work);
    }

    /** Asks for a look at an object. */
    public void add(ObjectKey key) {
        queue.add(key);
    }

    /** Asks for a look at an object after a pause at the latest, together with whoever asks meanwhile. */
    public void addWithin(ObjectKey key, Duration pause) {
        queue.addWithin(key, pause);
    }

    /** Begins no more looks, and gives those under way a moment. */
    @Override
    public void close() {
        queue.close();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) workers.shutdownNow();
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            for (var key = queue.take(); key.isPresent(); key = queue.take()) work(key.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the loop has ended
        }
    }

    private void work(ObjectKey key) {
        Next next = new Next.AfterFailure();
        underWay.put(key, nanoTime.getAsLong());
        try {
            next = look.at(key, failures.getOrDefault(key, 0));
        } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError e) {
            // An error of one object must not end the thread, which all others need.
            LOG.warn("{} was not reconciled; it is tried again", key, e);
        } finally {
            underWay.remove(key);
            queue.done(key, pause(key, next));
        }
    }

    private Optional<Duration> pause(ObjectKey key, Next next) {
        if (next instanceof Next.AfterFailure) return Optional.of(BACKOFF.after(failures.merge(key, 1, Integer::sum)));
        failures.remove(key);
        return switch (next) {
            case Next.Never() -> Optional.empty();
            case Next.Whenever() -> Optional.of(LOOK_AGAIN);
            case Next.After(var pause) -> Optional.of(pause);
            case Next.AfterFailure() -> throw new IllegalStateException("answered above");
        };
    }
}
