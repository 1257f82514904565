package dev.cairn.runner.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * The growth of a count per second, over the last ten seconds. Time without growth counts: a run without progress shows
 * a falling rate, then zero. Not thread-safe.
 */
final class Rate {
    private static final long WINDOW_NANOS = 10_000_000_000L;
    private static final long STEP_NANOS = 100_000_000L;

    private final LongSupplier nanoTime;
    private final Deque<Sample> samples = new ArrayDeque<>();

    Rate(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** @param count the present total; the first one is the start of the count */
    void at(long count) {
        long now = nanoTime.getAsLong();
        var last = samples.peekLast();
        // Samples closer than a step replace each other, so that fast batches do not fill the memory.
        if (samples.size() > 1 && last != null && now - last.nanos < STEP_NANOS) {
            samples.removeLast();
            samples.addLast(new Sample(last.nanos, count));
        } else {
            samples.addLast(new Sample(now, count));
        }
        forget(now);
    }

    /** Makes the next total the start of the count. */
    void restart() {
        samples.clear();
    }

    long perSecond() {
        long now = nanoTime.getAsLong();
        forget(now);
        var first = samples.peekFirst();
        var last = samples.peekLast();
        if (first == null || last == null || now == first.nanos) return 0;
        return Math.max(0, Math.round((last.count - first.count) * 1e9 / (now - first.nanos)));
    }

    /** Keeps one sample at or before the window's start, as the base of the growth. */
    private void forget(long now) {
        while (samples.size() > 1) {
            var first = samples.removeFirst();
            var second = samples.element();
            if (now - second.nanos < WINDOW_NANOS) {
                samples.addFirst(first);
                break;
            }
        }
        var only = samples.peekFirst();
        if (only != null && now - only.nanos > WINDOW_NANOS) {
            samples.removeFirst();
            samples.addFirst(new Sample(now - WINDOW_NANOS, only.count));
        }
    }

    private record Sample(long nanos, long count) {}
}
