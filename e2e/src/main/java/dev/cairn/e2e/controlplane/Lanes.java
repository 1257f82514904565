package dev.cairn.e2e.controlplane;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few threads. The work on one object is done by one thread, in order. */
final class Lanes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);
    private static final int THREADS = 8;
    private static final Duration RETRY = Duration.ofMillis(200);

    private final List<ScheduledExecutorService> threads = Stream.generate(
                    () -> Executors.newSingleThreadScheduledExecutor(
                            Thread.ofPlatform().daemon().name("stand-in-", 0).factory()))
            .limit(THREADS)
            .toList();

    /**
     * Runs an action, and retries it when the API server refuses it or is unreachable. The action must read a changed
     * object again.
     */
    void run(String key, Runnable work) {
        runAfter(Duration.ZERO, key, work);
    }

    /** The same after a delay. */
    void runAfter(Duration delay, String key, Runnable work) {
        try {
            var _ = threads.get(Math.floorMod(key.hashCode(), THREADS))
                    .schedule(() -> attempt(key, work), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            // The caller no longer waits for it.
        }
    }

    @Override
    public void close() {
        threads.forEach(ScheduledExecutorService::shutdownNow);
    }

    private void attempt(String key, Runnable work) {
        try {
            work.run();
        } catch (KubernetesClientException refused) {
            runAfter(RETRY, key, work);
        } catch (RuntimeException defect) {
            LOG.error("A stand-in failed at {}", key, defect);
        }
    }
}
