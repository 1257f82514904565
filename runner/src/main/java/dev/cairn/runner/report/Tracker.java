package dev.cairn.runner.report;

import dev.cairn.plan.Progress;
import dev.cairn.plan.Progress.Activity;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How far the run is. Engines write it, the progress endpoint and the termination message read it. Thread-safe. */
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

    /** What the runner does from now on, without a cause to wait. */
    public void activity(Activity activity) {
        activity(activity, null);
    }

    /** @param cause why it waits or tries again, one sentence; null while it works */
    public synchronized void activity(Activity activity, @Nullable String cause) {
        this.activity = activity;
        this.cause = cause;
        this.verified = null;
    }

    /** @param verified keys that the verify query was asked about so far */
    public synchronized void verifying(long verified) {
        activity(Activity.Verifying);
        this.verified = verified;
    }

    /** @param shortage why it runs with less than it was given, one sentence; null when it has all */
    public synchronized void shortage(@Nullable String shortage) {
        this.shortage = shortage;
    }

    /** @param attempts starts so far, this one included */
    public synchronized void attempts(int attempts) {
        this.attempts = attempts;
    }

    /** How many schema steps are applied, and of how many. */
    public synchronized void steps(int done, int all) {
        this.stepsDone = done;
        this.steps = all;
    }

    /**
     * Where a walk stands.
     *
     * @param rows changed by all attempts
     * @param walk which one this is, where it is not the first; null for the first
     * @param walked keys walked in it by all attempts
     * @param estimatedRows keys to walk, null when unknown
     * @param batchSize rows of the next batch
     * @param checkpointAtMillis when the last batch was committed, 0 for never
     * @param ranges the checkpoints; more than fit are left out
     * @param skipped rows that failed and were passed over by all attempts
     * @param impact what the database feels of it, null before the first batch
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

    /** @param holds what the run waits for now, each with its value and its limit; empty when nothing holds any more */
    public synchronized void heldBy(List<String> holds) {
        heldBy = List.copyOf(holds);
        if (!holds.isEmpty()) activity(Activity.Held);
        else if (activity == Activity.Held) activity(Activity.Running);
    }

    /** The progress now. */
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
