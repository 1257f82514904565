package dev.cairn.plan;

import static dev.cairn.plan.Check.require;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a migration is, as its runner knows it. Advisory: the ledger has the last word.
 *
 * @param activity what the runner does now
 * @param cause why it waits or tries again, one sentence; null while it works
 * @param attempts starts so far by the ledger's count, this one included; 0 before the ledger was read
 * @param stepsDone schema steps (or the one statement) that are applied
 * @param steps how many there are; 0 for a backfill
 * @param rows rows changed so far, by all attempts
 * @param walk which one over the table this is, where it is not the first; null for the first
 * @param walked keys walked so far in this walk, by all attempts: what the share done is counted from
 * @param estimatedRows keys of this walk by the server's statistics when it began; null when unknown
 * @param verified keys that {@code verify} was asked about so far; null while it is not asked batch by batch
 * @param rowsPerSecond keys walked a second, over a sliding window of about ten seconds
 * @param batchSize rows of the next batch; 0 where there are no batches
 * @param checkpointAtMillis when the last batch was committed, milliseconds since 1970; 0 for never
 * @param ranges the checkpoints, at most {@value #MAX_RANGES}
 * @param skipped rows that failed and were passed over, by all attempts
 * @param heldBy the active holds, each with its value and its limit, such as {@code replicationLag 7.2s > 5s}; at most
 *     {@value #MAX_HOLDS}
 * @param impact what the database feels of it, null where nothing was measured yet
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

    /** A runner that has read nothing yet. */
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

    /** The first walk, where nothing was skipped, nothing holds and nothing was measured. */
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

    /** The same with other texts and ranges: what has to fit into a message is cut there. */
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
        /** Reads its files, connects, takes its place in the ledger. */
        Starting,
        /** Changes the database; also what a newer runner does that this version has no word for. */
        @JsonEnumDefaultValue
        Running,
        /** Waits to try again; the cause says what for. */
        Retrying,
        /** Waits for a lock or for another migration; the cause says for whom. */
        Waiting,
        /** Waits until the database recovers; {@code heldBy} says from what. */
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
     * What the database feels of a backfill.
     *
     * @param striped whether the walk goes in HOT stripes now
     * @param rowsPerTransaction the most rows that one batch of the last ten seconds walked
     * @param lockMillis the longest that a batch of the last ten seconds held its row locks, milliseconds
     * @param hotPercent of the rows this pod updated, how many stayed on their page and touched no index; null for none
     * @param heapGrowthBytes how much the table has grown since this pod began, null where it was not measured
     * @param walBytesPerRow WAL of the whole server for each row changed since this pod began: others' writes are in it;
     *     null where it was not measured
     */
    public record Impact(
            boolean striped,
            long rowsPerTransaction,
            long lockMillis,
            @Nullable Integer hotPercent,
            @Nullable Long heapGrowthBytes,
            @Nullable Long walBytesPerRow) {}
}
