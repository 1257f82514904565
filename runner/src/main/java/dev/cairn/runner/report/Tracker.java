package dev.cairn.runner.report;

import dev.cairn.plan.Progress;
import dev.cairn.plan.Progress.Activity;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How far the run is. Engines write it, the progress endpoint and the termination message read it. Thread-safe. */
public final class Tracker {
    private final Rate rate;
    private Progress last = Progress.NONE;

    public Tracker() {
        this(System::nanoTime);
    }

    /** @param nanoTime the clock of the rate */
    public Tracker(LongSupplier nanoTime) {
        this.rate = new Rate(nanoTime);
    }

    /** What the runner does from now on, without a cause to wait. */
    public void activity(Activity activity) {
        activity(activity, null);
    }

    /** @param cause why it waits or tries again, one sentence; null while it works */
    public synchronized void activity(Activity activity, @Nullable String cause) {
        last = new Progress(
                activity,
                cause,
                last.attempts(),
                last.stepsDone(),
                last.steps(),
                last.rows(),
                last.walked(),
                last.estimatedRows(),
                0,
                last.batchSize(),
                last.checkpointAtMillis(),
                last.ranges());
    }

    /** @param attempts starts so far, this one included */
    public synchronized void attempts(int attempts) {
        last = new Progress(
                last.activity(),
                last.cause(),
                attempts,
                last.stepsDone(),
                last.steps(),
                last.rows(),
                last.walked(),
                last.estimatedRows(),
                0,
                last.batchSize(),
                last.checkpointAtMillis(),
                last.ranges());
    }

    /** How many schema steps are applied, and of how many. */
    public synchronized void steps(int done, int all) {
        last = new Progress(
                last.activity(),
                last.cause(),
                last.attempts(),
                done,
                all,
                last.rows(),
                last.walked(),
                last.estimatedRows(),
                0,
                last.batchSize(),
                last.checkpointAtMillis(),
                last.ranges());
    }

    /**
     * Where a walk stands.
     *
     * @param rows changed by all attempts
     * @param walked keys walked by all attempts
     * @param estimatedRows keys to walk, null when unknown
     * @param batchSize rows of the next batch
     * @param checkpointAtMillis when the last batch was committed, 0 for never
     * @param ranges the checkpoints; more than fit are left out
     */
    public synchronized void walk(
            long rows,
            long walked,
            @Nullable Long estimatedRows,
            long batchSize,
            long checkpointAtMillis,
            List<Progress.Range> ranges) {
        rate.at(walked);
        last = new Progress(
                last.activity(),
                last.cause(),
                last.attempts(),
                last.stepsDone(),
                last.steps(),
                rows,
                walked,
                estimatedRows,
                0,
                batchSize,
                checkpointAtMillis,
                ranges.subList(0, Math.min(ranges.size(), Progress.MAX_RANGES)));
    }

    /** The progress now. */
    public synchronized Progress progress() {
        return new Progress(
                last.activity(),
                last.cause(),
                last.attempts(),
                last.stepsDone(),
                last.steps(),
                last.rows(),
                last.walked(),
                last.estimatedRows(),
                rate.perSecond(),
                last.batchSize(),
                last.checkpointAtMillis(),
                last.ranges());
    }
}
