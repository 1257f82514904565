package dev.cairn.operator.observe;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Makes reads from the API server whose answers can be large, because tenants write the objects. To parse an answer
 * takes several times its size. So only one worker at a time reads. Thread-safe.
 */
public final class SerialReads {
    /** The lock is fair: a worker waits for at most one read of each other worker. */
    private final ReentrantLock lock = new ReentrantLock(true);

    /** Makes one read while no other worker reads. */
    public <T> T read(Supplier<T> request) {
        lock.lock();
        try {
            return request.get();
        } finally {
            lock.unlock();
        }
    }
}
