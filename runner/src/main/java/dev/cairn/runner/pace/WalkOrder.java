package dev.cairn.runner.pace;

import dev.cairn.plan.Settings;
import dev.cairn.runner.report.Log;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Decides in which order the rows of a window are walked: by the key, or in HOT stripes. It measures both: first one
 * window's rows in stripes, then some in plain order. Then it continues with the better order, and measures again when
 * that is no longer better. All workers share it. Thread-safe.
 */
public final class WalkOrder {
    /** Stripes are better if the share of new row versions that stay on their page grows by at least this much. */
    private static final double WORTHWHILE = 0.25;

    /**
     * How much longer stripes may take than plain batches: the table and its indexes do not grow, and half the WAL is
     * saved.
     */
    private static final double MOST_COST = 1.5;

    /** Plain batches are alike all over the table, so a part of a rotation is enough. */
    private static final long PLAIN_SAMPLE = 10_000;

    private static final long FEWEST_KEYS = 20_000;
    private static final Duration STRIPED_AGAIN_AFTER = Duration.ofMinutes(1);
    private static final Duration PLAIN_AGAIN_AFTER = Duration.ofMinutes(5);

    private final boolean possible;
    private final boolean worthMeasuring;
    private final Supplier<Settings.Order> wish;
    private final LongSupplier nanoTime;
    private Sample striped = Sample.NONE;
    private Sample plain = Sample.NONE;
    private Sample recent = Sample.NONE;
    private boolean decided;
    private Way better = Way.PLAIN;
    private long decidedAt;

    /** How rows are walked. */
    public enum Way {
        PLAIN,
        STRIPED
    }

    /**
     * @param possible whether stripes are possible and can help
     * @param keys in the walk, as the statistics estimate; a small table is walked without a measurement
     * @param wish the order in the present settings
     * @param nanoTime the clock
     */
    public WalkOrder(boolean possible, long keys, Supplier<Settings.Order> wish, LongSupplier nanoTime) {
        this.possible = possible;
        this.worthMeasuring = keys >= FEWEST_KEYS;
        this.wish = wish;
        this.nanoTime = nanoTime;
    }

    /** The order for what follows. Ask after each rotation and each plain batch. */
    public synchronized Way next() {
        if (!possible) return Way.PLAIN;
        return switch (wish.get()) {
            case Plain -> Way.PLAIN;
            case Striped -> Way.STRIPED;
            case Measured -> measured();
        };
    }

    /** Whether rows are walked in stripes now; a measurement does not count. */
    public synchronized boolean isStriped() {
        if (!possible) return false;
        return switch (wish.get()) {
            case Plain -> false;
            case Striped -> true;
            case Measured -> decided && better == Way.STRIPED;
        };
    }

    /**
     * Learns from a committed batch.
     *
     * @param walked its keys
     * @param updated rows with a new version
     * @param hot those whose new version stayed on its page
     * @param nanos its duration, with the search for its keys
     */
    public synchronized void learn(Way way, long walked, long updated, long hot, long nanos) {
        var batch = new Sample(walked, updated, hot, nanos);
        if (decided) recent = way == better ? recent.plus(batch) : recent;
        else if (way == Way.STRIPED) striped = striped.plus(batch);
        else plain = plain.plus(batch);
    }

    private Way measured() {
        if (!worthMeasuring) return Way.PLAIN;
        if (decided && isDoubtful()) restart();
        if (decided) return better;
        if (striped.walked == 0) return Way.STRIPED;
        if (plain.walked < Math.min(PLAIN_SAMPLE, striped.walked)) return Way.PLAIN;
        decide();
        return better;
    }

    private void decide() {
        double gain = striped.hotShare() - plain.hotShare();
        double cost = striped.nanosPerRow() / Math.max(1, plain.nanosPerRow());
        better = gain >= WORTHWHILE && cost <= MOST_COST ? Way.STRIPED : Way.PLAIN;
        decided = true;
        decidedAt = nanoTime.getAsLong();
        Log.info(
                "order: %s; in stripes %.0f %% of new row versions stay on their page, plainly %.0f %%, and a row takes %.2f times as long"
                        .formatted(
                                better == Way.STRIPED ? "striped" : "plain",
                                100 * striped.hotShare(),
                                100 * plain.hotShare(),
                                cost));
    }

    /**
     * Whether to measure again. Striped: fewer rows stay on their page than when it was chosen. Plain: the last
     * measurement is old.
     */
    private boolean isDoubtful() {
        long since = nanoTime.getAsLong() - decidedAt;
        if (better == Way.PLAIN) return since > PLAIN_AGAIN_AFTER.toNanos();
        if (recent.walked < striped.walked) return false;
        boolean fell = recent.hotShare() < striped.hotShare() / 2;
        recent = Sample.NONE;
        return fell && since > STRIPED_AGAIN_AFTER.toNanos();
    }

    private void restart() {
        striped = Sample.NONE;
        plain = Sample.NONE;
        recent = Sample.NONE;
        decided = false;
    }

    private record Sample(long walked, long updated, long hot, long nanos) {
        static final Sample NONE = new Sample(0, 0, 0, 0);

        Sample plus(Sample other) {
            return new Sample(walked + other.walked, updated + other.updated, hot + other.hot, nanos + other.nanos);
        }

        double hotShare() {
            return updated == 0 ? 0 : (double) hot / updated;
        }

        double nanosPerRow() {
            return walked == 0 ? 0 : (double) nanos / walked;
        }
    }
}
