package dev.cairn.runner.ledger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code range}: a stretch of the key and how far it is walked. A key is the server's text of each column.
 *
 * @param ordinal its place, from 0
 * @param from the key before the first, null for the start of the table
 * @param to the last key, null where the table was empty
 * @param cursor the last key that is committed, null for none
 * @param rows changed so far
 * @param walked keys walked so far
 * @param batches committed so far
 * @param done whether it is at its end
 * @param committedAtMillis when its last batch was committed, milliseconds since 1970; 0 for never
 */
public record RangeRow(
        int ordinal,
        @Nullable List<String> from,
        @Nullable List<String> to,
        @Nullable List<String> cursor,
        long rows,
        long walked,
        long batches,
        boolean done,
        long committedAtMillis) {

    /**
     * A range that nobody has walked yet.
     *
     * @param to null for an empty table: there is nothing to walk
     */
    public static RangeRow open(int ordinal, @Nullable List<String> from, @Nullable List<String> to) {
        return new RangeRow(ordinal, from, to, null, 0, 0, 0, to == null, 0);
    }

    /**
     * The range after a batch.
     *
     * @param end the batch's last key
     * @param changed rows that the batch changed
     * @param keys in the batch
     * @param atEnd whether the range ends there
     * @param atMillis when it was committed
     */
    public RangeRow after(List<String> end, long changed, long keys, boolean atEnd, long atMillis) {
        return new RangeRow(ordinal, from, to, end, rows + changed, walked + keys, batches + 1, atEnd, atMillis);
    }
}
