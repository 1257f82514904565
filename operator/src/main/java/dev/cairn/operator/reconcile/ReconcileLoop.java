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
 * Workers that take keys from one queue and reconcile their objects. A failed pass is repeated after a pause that
 * doubles from a second to a minute. A successful pass is repeated after ten minutes, from the caches.
 */
public final class ReconcileLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReconcileLoop.class);
    private static final int WORKERS = 8;
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

    /** The pause before a pass without a change. It reads the caches, so it costs the API server nothing. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

    /** How long a running pass may take after the loop is closed. */
    private static final Duration END_WITHIN = Duration.ofMillis(1500);

    /**
     * Every request to the API server has a time limit of seconds, and a pass makes some dozens of requests at most.
     */
    private static final Duration LONGEST_LOOK = Duration.ofMinutes(5);

    private final WorkQueue<ObjectKey> queue = new WorkQueue<>();
    private final Map<ObjectKey, Integer> failures = new ConcurrentHashMap<>();
    private final ExecutorService workers = Executors.newFixedThreadPool(
            WORKERS, Thread.ofPlatform().daemon().name("reconcile-", 0).factory());
    /** Running passes, with their start times. */
    private final Map<ObjectKey, Long> underWay = new ConcurrentHashMap<>();

    private final Look look;
    private final LongSupplier nanoTime;

    /** Reconciles one object. */
    @FunctionalInterface
    public interface Look {
        /**
         * One pass without a wait.
         *
         * @param failuresBefore failed passes for this object in a row before this one
         */
        Next at(ObjectKey key, int failuresBefore);
    }

    /** When an object needs its next pass. */
    public sealed interface Next {
        /** The object no longer exists. */
        record Never() implements Next {}

        /** After a change, at the latest after ten minutes. */
        record Whenever() implements Next {}

        /** After the given pause. */
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

    /** Objects whose pass takes longer than any pass can. Their workers hang and do no other work. */
    public List<ObjectKey> hung() {
        long now = nanoTime.getAsLong();
        return underWay.entrySet().stream()
                .filter(entry -> now - entry.getValue() > LONGEST_LOOK.toNanos())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Starts to work on all keys, also on those added before. */
    public void start() {
        for (int worker = 0; worker < WORKERS; worker++) workers.execute(this::work);
    }

    /** Requests a pass for an object. */
    public void add(ObjectKey key) {
        queue.add(key);
    }

    /** Requests a pass for an object after a pause at the latest. Requests in the meantime share that pass. */
    public void addWithin(ObjectKey key, Duration pause) {
        queue.addWithin(key, pause);
    }

    /** Starts no more passes, and gives running passes a moment to end. */
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
            Thread.currentThread().interrupt(); // the loop is closed
        }
    }

    private void work(ObjectKey key) {
        Next next = new Next.AfterFailure();
        underWay.put(key, nanoTime.getAsLong());
        try {
            next = look.at(key, failures.getOrDefault(key, 0));
        } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError e) {
            // An error of one object must not end the thread, which other objects need.
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
