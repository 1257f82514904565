package dev.cairn.operator.reconcile;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Keys that wait for a worker. A key is in the queue once, also if it was added several times. Two workers never have
 * the same key at the same time. A key that is added while a worker has it comes again when that worker is done.
 * Thread-safe.
 */
final class WorkQueue<K> {
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<K> ready = new LinkedHashSet<>();
    private final Set<K> working = new HashSet<>();
    private final Set<K> again = new HashSet<>();
    private final Map<K, Later<K>> later = new HashMap<>();
    private final TreeSet<Later<K>> byTime =
            new TreeSet<>(Comparator.<Later<K>>comparingLong(Later::nanos).thenComparingLong(Later::number));
    private final long origin;
    private long scheduled;
    private boolean closed;

    /**
     * A pass at a later time.
     *
     * @param nanos since the queue was created
     * @param number distinguishes entries with the same time
     */
    private record Later<K>(K key, long nanos, long number) {}

    /** How many later passes are scheduled; a key has one at most. */
    int waiting() {
        lock.lock();
        try {
            return byTime.size();
        } finally {
            lock.unlock();
        }
    }

    WorkQueue() {
        this(System::nanoTime);
    }

    WorkQueue(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        origin = nanoTime.getAsLong();
    }

    /** Requests a pass as soon as a worker is free. */
    void add(K key) {
        lock.lock();
        try {
            if (closed) return;
            if (working.contains(key)) again.add(key);
            else if (ready.add(key)) changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Requests a pass after a pause at the latest. Requests in the meantime share that pass. */
    void addWithin(K key, Duration pause) {
        lock.lock();
        try {
            if (closed || ready.contains(key)) return;
            schedule(key, pause);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next key; empty after the queue is closed. The caller must call {@link #done} for the key. */
    Optional<K> take() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                var wait = promote();
                if (!ready.isEmpty()) {
                    K key = ready.iterator().next();
                    ready.remove(key);
                    working.add(key);
                    forget(key); // a pass now makes the later one needless
                    return Optional.of(key);
                }
                if (wait.isEmpty()) changed.await();
                else {
                    long _ = changed.awaitNanos(wait.get());
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The worker has finished with a key.
     *
     * @param next the pause before the next pass, empty for none
     */
    void done(K key, Optional<Duration> next) {
        lock.lock();
        try {
            working.remove(key);
            if (closed) return;
            next.ifPresent(pause -> schedule(key, pause));
            if (again.remove(key)) ready.add(key);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Returns no more keys, and forgets the waiting ones. */
    void close() {
        lock.lock();
        try {
            closed = true;
            ready.clear();
            later.clear();
            byTime.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Keeps only the earlier of two scheduled passes. */
    private void schedule(K key, Duration pause) {
        var entry = new Later<>(key, now() + pause.toNanos(), scheduled++);
        var before = later.get(key);
        if (before != null && before.nanos() <= entry.nanos()) return;
        forget(key);
        later.put(key, entry);
        byTime.add(entry);
    }

    private void forget(K key) {
        var entry = later.remove(key);
        if (entry != null) byTime.remove(entry);
    }

    /** Moves due keys to the ready ones. Returns the nanoseconds until the next key is due. */
    private Optional<Long> promote() {
        long now = now();
        while (!byTime.isEmpty()) {
            var next = byTime.first();
            if (next.nanos() > now) return Optional.of(next.nanos() - now);
            forget(next.key());
            if (working.contains(next.key())) again.add(next.key());
            else ready.add(next.key());
        }
        return Optional.empty();
    }

    private long now() {
        return nanoTime.getAsLong() - origin;
    }
}
