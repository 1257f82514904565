package dev.cairn.operator.observe;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Room in memory for a large plan, which is held several times over while a Job is made of it: one look at a time has it,
 * from when it meets such a plan until it ends. Nobody waits for it inside a look, or many large plans of one namespace
 * would keep the workers from everybody else. Small plans need no room. Thread-safe.
 */
public final class PlanRoom {
    private final ReentrantLock taken = new ReentrantLock();

    /** Another look has it; this one is to be repeated after a moment. */
    public static final class TakenException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TakenException() {
            super("another large plan is being made");
        }
    }

    /**
     * Takes it for the look of this thread, which may have it already.
     *
     * @throws TakenException if another look has it
     */
    public void take() {
        if (!taken.isHeldByCurrentThread() && !taken.tryLock()) throw new TakenException();
    }

    /** Ends the look of this thread, whether it took the room or not. */
    public void leave() {
        if (taken.isHeldByCurrentThread()) taken.unlock();
    }
}
