package dev.cairn.runner.pace;

import dev.cairn.plan.Settings.Pace;

/**
 * The rows of the next batch, chosen so that batches take about as long as the settings say. Growth is slow: by half at
 * most. It follows a smoothed cost per row. A batch that took five times too long makes the next one smaller at once.
 * Not thread-safe.
 */
public final class BatchSize {
    private static final double GROWTH = 1.5;
    private static final double NEW_SHARE = 0.3;
    private static final int FAR_OVER = 5;
    private static final double TOLERANCE = 1.25;

    /**
     * The least number of batches with a rate limit. Then one batch more or less in ten seconds is within its tolerance
     * of 5 %.
     */
    private static final int BATCHES_PER_SECOND = 4;

    private double rows;
    private double nanosPerRow;

    /** Starts with the settings' initial size. */
    public BatchSize(Pace pace) {
        rows = pace.initialBatch();
    }

    /** Rows of the next batch, within the settings' present limits. */
    public long next(Pace pace) {
        return within(pace, rows);
    }

    /** The most rows that it may have: a quarter more, within the same limits. */
    public long most(Pace pace) {
        return within(pace, rows * TOLERANCE);
    }

    /** Rows that a batch may have when {@link #next} is at its minimum. */
    static long mostAtTheMinimum(Pace pace) {
        return Math.round(pace.minBatch() * TOLERANCE);
    }

    private static long within(Pace pace, double rows) {
        return within(pace, Math.round(rows));
    }

    /** The given number of rows, within the settings' limits. */
    public static long within(Pace pace, long rows) {
        long within = Math.clamp(rows, pace.minBatch(), pace.maxBatch());
        Long perSecond = pace.maxRowsPerSecond();
        // A slow pace means many small batches, not a large one and a long pause.
        return perSecond == null ? within : Math.max(1, Math.min(within, perSecond / BATCHES_PER_SECOND));
    }

    /**
     * Learns from a committed batch.
     *
     * @param walked its rows; an empty batch changes nothing
     * @param nanos how long its transaction took
     */
    public void learn(Pace pace, long walked, long nanos) {
        if (walked == 0) return;
        double cost = (double) nanos / walked;
        double wanted = pace.batchMillis() * 1e6;
        boolean farOver = nanos > FAR_OVER * wanted;
        nanosPerRow = nanosPerRow == 0 || farOver ? cost : NEW_SHARE * cost + (1 - NEW_SHARE) * nanosPerRow;
        double most = Math.min(wanted / nanosPerRow, next(pace) * GROWTH);
        rows = Math.clamp(most, (double) pace.minBatch(), (double) pace.maxBatch());
    }

    /** Halves the size after a batch that did not get its locks. */
    public void shrink(Pace pace) {
        rows = Math.max((double) pace.minBatch(), next(pace) / 2.0);
    }
}
