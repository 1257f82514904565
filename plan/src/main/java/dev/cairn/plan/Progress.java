package dev.cairn.plan;

import static dev.cairn.plan.Check.require;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a migration, as its runner knows it. It is advisory: the ledger decides.
 *
 * <p>Operator and runner may have different versions. {@code ProgressServerTest} of the runner has the JSON that passes
 * between them, so a renamed field fails there.
 *
 * @param activity what the runner does now
 * @param cause why it waits or retries, one sentence; null while it works
 * @param attempts starts so far, as the ledger counts them, this one included; 0 before the ledger was read
 * @param stepsDone schema steps (or the one statement) that are applied
 * @param steps how many there are; 0 for a backfill
 * @param rows rows changed so far, by all attempts
 * @param walk the number of this walk over the table, from the second on; null for the first
 * @param walked keys walked so far in this walk, by all attempts; the percentage done is computed from it
 * @param estimatedRows keys of this walk, the estimate of the server's statistics when it began; null when unknown
 * @param verified keys that {@code verify} has checked so far; null where it does not run batch by batch
 * @param rowsPerSecond keys walked a second, over a sliding window of about ten seconds
 * @param batchSize rows of the next batch; 0 where there are no batches
 * @param checkpointAtMillis when the last batch was committed, milliseconds since 1970; 0 for never
 * @param ranges the checkpoints, at most {@value #MAX_RANGES}
 * @param skipped rows that failed and were skipped, by all attempts
 * @param heldBy the active holds, each with its value and its limit, such as {@code replicationLag 7.2s > 5s}; at most
 *     {@value #MAX_HOLDS}
 * @param impact its effect on the database, null before the first measurement
 */
public record Progress(
        Activity activity,
        @Nullable String cause,
        int attempts,
        int stepsDone,
        int steps,
        long rows,
        @Nullable Integer walk,
        long walked,
        @Nullable Long estimatedRows,
        @Nullable Long verified,
        long rowsPerSecond,
        long batchSize,
        long checkpointAtMillis,
        List<Range> ranges,
        long skipped,
        List<String> heldBy,
        @Nullable Impact impact) {

    /** How many ranges fit into a status. */
    public static final int MAX_RANGES = 32;

    /** Characters of a key that are shown. */
    public static final int MAX_KEY = 64;

    /** How many holds a migration may have. */
    public static final int MAX_HOLDS = 16;

    /** The progress of a runner that has read nothing yet. */
    public static final Progress NONE = new Progress(Activity.Starting, null, 0, 0, 0, 0, 0, null, 0, 0, 0, List.of());

    /** @throws IllegalArgumentException if the activity is missing, a number is negative or there are too many ranges */
    public Progress {
        require(activity != null, "progress: an activity");
        require(
                attempts >= 0
                        && stepsDone >= 0
                        && steps >= 0
                        && rows >= 0
                        && (walk == null || walk > 1)
                        && walked >= 0
                        && (verified == null || verified >= 0)
                        && (estimatedRows == null || estimatedRows >= 0)
                        && rowsPerSecond >= 0
                        && batchSize >= 0
                        && checkpointAtMillis >= 0
                        && skipped >= 0,
                "progress: no number below zero, and a walk has a number from the second on");
        ranges = ranges == null ? List.of() : List.copyOf(ranges);
        heldBy = heldBy == null ? List.of() : List.copyOf(heldBy);
        require(ranges.size() <= MAX_RANGES, "ranges: at most " + MAX_RANGES);
        require(heldBy.size() <= MAX_HOLDS, "heldBy: at most " + MAX_HOLDS);
    }

    /** The first walk, without skipped rows, holds and measurements. */
    public Progress(
            Activity activity,
            @Nullable String cause,
            int attempts,
            int stepsDone,
            int steps,
            long rows,
            long walked,
            @Nullable Long estimatedRows,
            long rowsPerSecond,
            long batchSize,
            long checkpointAtMillis,
            List<Range> ranges) {
        this(
                activity,
                cause,
                attempts,
                stepsDone,
                steps,
                rows,
                null,
                walked,
                estimatedRows,
                null,
                rowsPerSecond,
                batchSize,
                checkpointAtMillis,
                ranges,
                0,
                List.of(),
                null);
    }

    /** A copy with other texts and ranges, so that a message can have shorter ones. */
    public Progress with(@Nullable String cause, List<Range> ranges, List<String> heldBy) {
        return new Progress(
                activity,
                cause,
                attempts,
                stepsDone,
                steps,
                rows,
                walk,
                walked,
                estimatedRows,
                verified,
                rowsPerSecond,
                batchSize,
                checkpointAtMillis,
                ranges,
                skipped,
                heldBy,
                impact);
    }

    /** What a runner does now. */
    public enum Activity {
        /** Reads its files, connects, and registers in the ledger. */
        Starting,
        /** Changes the database. Also an activity of a newer runner that this version does not know. */
        @JsonEnumDefaultValue
        Running,
        /** Waits before a retry; the cause says why. */
        Retrying,
        /** Waits for a lock or for another migration; the cause names it. */
        Waiting,
        /** Waits until the database recovers; {@code heldBy} has the values above their limits. */
        Held,
        /** Runs the verify query. */
        Verifying,
        /** Done. */
        Done
    }

    /**
     * One range of a walk and its checkpoint. Keys are the server's text, several columns as {@code (a, b)}, cut to
     * {@value #MAX_KEY} characters.
     *
     * @param from the key before the first, null for the start of the table
     * @param to the last key
     * @param cursor the last key that is committed, null for none
     * @param rows rows changed in it
     */
    public record Range(
            @Nullable String from,
            @Nullable String to,
            @Nullable String cursor,
            long rows) {}

    /**
     * The effect of a backfill on the database.
     *
     * @param striped whether the walk goes in HOT stripes at present
     * @param rowsPerTransaction the most rows that one batch of the last ten seconds walked
     * @param lockMillis the longest that a batch of the last ten seconds held its row locks, milliseconds
     * @param hotPercent percentage of the rows this pod updated that stayed on their page and changed no index; null
     *     for none
     * @param heapGrowthBytes how much the table has grown since this pod started, null where it was not measured
     * @param walBytesPerRow WAL of the whole server for each row changed since this pod started, so the writes of
     *     others count, too; null where it was not measured
     */
    public record Impact(
            boolean striped,
            long rowsPerTransaction,
            long lockMillis,
            @Nullable Integer hotPercent,
            @Nullable Long heapGrowthBytes,
            @Nullable Long walBytesPerRow) {}
}
