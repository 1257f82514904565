package dev.cairn.operator.observe;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Reads from the API server whose answers can be large because tenants write the objects. Parsing an answer takes several
 * times its size, so the workers read one after the other. Thread-safe.
 */
public final class SerialReads {
    /** Fair: a worker waits at most for one read of each other worker. */
    private final ReentrantLock lock = new ReentrantLock(true);

    /** Makes one read when no other worker reads. */
    public <T> T read(Supplier<T> request) {
        lock.lock();
        try {
            return request.get();
        } finally {
            lock.unlock();
        }
    }
}
