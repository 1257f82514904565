package dev.cairn.runner.end;

import dev.cairn.plan.Reason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The request to stop (SIGTERM). All waits of a runner use it: a pause ends at once when the request comes.
 * Thread-safe.
 */
public final class Stop {
    private final CountDownLatch requested = new CountDownLatch(1);
    private final List<Action> actions = new CopyOnWriteArrayList<>();

    /** Asks the run to stop. It starts the clocks of registered actions. A second call does nothing. */
    public synchronized void request() {
        if (isRequested()) return;
        requested.countDown();
        actions.forEach(Action::startClock);
    }

    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** @throws MigrationFailure with {@link Reason#Stopped} if a stop was requested */
    public void check() {
        if (isRequested())
            throw new MigrationFailure(
                    Reason.Stopped, "stopped on request; it goes on from its checkpoint with the next start");
    }

    /** @throws MigrationFailure with {@link Reason#Stopped} as soon as a stop is requested */
    public void pause(Duration time) {
        try {
            if (requested.await(time.toNanos(), TimeUnit.NANOSECONDS)) check();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MigrationFailure(Reason.Stopped, "interrupted", null, null, e);
        }
    }

    /** Waits for the request to stop, without a limit. */
    public void awaitRequest() {
        try {
            requested.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Runs an action some time after the request to stop, on a separate thread. Use it to cancel a statement that does
     * not end by itself. Close the returned registration when there is nothing left to cancel.
     *
     * @param grace zero to act at once
     */
    public synchronized Registration after(Duration grace, Runnable action) {
        var registered = new Action(grace, action);
        actions.add(registered);
        if (isRequested()) registered.startClock();
        return () -> {
            registered.closed.countDown();
            actions.remove(registered);
        };
    }

    /** Removes an action. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    private static final class Action {
        private final Duration grace;
        private final Runnable action;
        private final CountDownLatch closed = new CountDownLatch(1);

        Action(Duration grace, Runnable action) {
            this.grace = grace;
            this.action = action;
        }

        void startClock() {
            Thread.ofPlatform().daemon().name("stop").start(() -> {
                try {
                    if (!closed.await(grace.toNanos(), TimeUnit.NANOSECONDS)) action.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }
}
