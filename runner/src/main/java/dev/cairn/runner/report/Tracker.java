package dev.cairn.runner.report;

import dev.cairn.plan.Progress;
import dev.cairn.plan.Progress.Activity;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The progress of the run. Engines write it; the progress endpoint and the termination message read it. Thread-safe.
 */
public final class Tracker {
    private final Rate rate;
    private Activity activity = Activity.Starting;
    private @Nullable String cause;
    private @Nullable String shortage;
    private int attempts;
    private int stepsDone;
    private int steps;
    private long rows;
    private @Nullable Integer walk;
    private long walked;
    private @Nullable Long estimatedRows;
    private @Nullable Long verified;
    private long batchSize;
    private long checkpointAtMillis;
    private List<Progress.Range> ranges = List.of();
    private long skipped;
    private Progress.@Nullable Impact impact;
    private List<String> heldBy = List.of();

    public Tracker() {
        this(System::nanoTime);
    }

    /** @param nanoTime the clock of the rate */
    public Tracker(LongSupplier nanoTime) {
        this.rate = new Rate(nanoTime);
    }

    /** Sets what the runner does from now on, without a cause to wait. */
    public void activity(Activity activity) {
        activity(activity, null);
    }

    /** @param cause why it waits or retries, one sentence; null while it works */
    public synchronized void activity(Activity activity, @Nullable String cause) {
        this.activity = activity;
        this.cause = cause;
        this.verified = null;
    }

    /** @param verified keys that the verify query has checked so far */
    public synchronized void verifying(long verified) {
        activity(Activity.Verifying);
        this.verified = verified;
    }

    /** @param shortage why it runs with less than its settings allow, one sentence; null if it has all */
    public synchronized void shortage(@Nullable String shortage) {
        this.shortage = shortage;
    }

    /** @param attempts starts so far, this one included */
    public synchronized void attempts(int attempts) {
        this.attempts = attempts;
    }

    /** Sets how many schema steps are applied, and how many there are. */
    public synchronized void steps(int done, int all) {
        this.stepsDone = done;
        this.steps = all;
    }

    /**
     * Sets the progress of a walk.
     *
     * @param rows changed by all attempts
     * @param walk the number of this walk, from the second on; null for the first
     * @param walked keys walked in it by all attempts
     * @param estimatedRows keys to walk, null when unknown
     * @param batchSize rows of the next batch
     * @param checkpointAtMillis when the last batch was committed, 0 for never
     * @param ranges the checkpoints; only those that fit are kept
     * @param skipped rows that failed and that all attempts skipped
     * @param impact its effect on the database, null before the first batch
     */
    public synchronized void walk(
            long rows,
            @Nullable Integer walk,
            long walked,
            @Nullable Long estimatedRows,
            long batchSize,
            long checkpointAtMillis,
            List<Progress.Range> ranges,
            long skipped,
            Progress.@Nullable Impact impact) {
        if (!Objects.equals(walk, this.walk)) rate.restart();
        rate.at(walked);
        this.rows = rows;
        this.walk = walk;
        this.walked = walked;
        this.estimatedRows = estimatedRows;
        this.batchSize = batchSize;
        this.checkpointAtMillis = checkpointAtMillis;
        this.skipped = skipped;
        this.impact = impact;
        this.ranges = ranges.subList(0, Math.min(ranges.size(), Progress.MAX_RANGES));
    }

    /** @param holds the active holds, each with its value and its limit; empty when none is active */
    public synchronized void heldBy(List<String> holds) {
        heldBy = List.copyOf(holds);
        if (!holds.isEmpty()) activity(Activity.Held);
        else if (activity == Activity.Held) activity(Activity.Running);
    }

    /** The present progress. */
    public synchronized Progress progress() {
        return new Progress(
                activity,
                cause == null && activity == Activity.Running ? shortage : cause,
                attempts,
                stepsDone,
                steps,
                rows,
                walk,
                walked,
                estimatedRows,
                verified,
                rate.perSecond(),
                batchSize,
                checkpointAtMillis,
                ranges,
                skipped,
                heldBy,
                impact);
    }
}
