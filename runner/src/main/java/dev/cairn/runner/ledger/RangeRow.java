package dev.cairn.runner.ledger;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code range}: a range of keys and how far it is walked. A key is the server's text of each column.
 *
 * @param ordinal its number, from 0
 * @param from the key before the first, null for the start of the table
 * @param to the last key, null where the table was empty
 * @param cursor the key up to which all is committed, null for none
 * @param rotation the windows after the cursor that are walked in stripes, null for none
 * @param rows changed so far
 * @param walked keys walked so far
 * @param skipped rows that failed and were skipped
 * @param batches committed so far
 * @param done whether its end is reached
 * @param committedAtMillis when its last batch was committed, milliseconds since 1970; 0 for never
 */
public record RangeRow(
        int ordinal,
        @Nullable List<String> from,
        @Nullable List<String> to,
        @Nullable List<String> cursor,
        @Nullable StripeCursor rotation,
        long rows,
        long walked,
        long skipped,
        long batches,
        boolean done,
        long committedAtMillis) {

    /**
     * A range that is not walked yet.
     *
     * @param to null for an empty table: there is nothing to walk
     */
    public static RangeRow open(int ordinal, @Nullable List<String> from, @Nullable List<String> to) {
        return new RangeRow(ordinal, from, to, null, null, 0, 0, 0, 0, to == null, 0);
    }

    /** Whether it has the same number and bounds, regardless of its progress. */
    boolean isSameAs(RangeRow other) {
        return ordinal == other.ordinal && Objects.equals(from, other.from) && Objects.equals(to, other.to);
    }

    /** The key before the next one; null for the start of the table. */
    public @Nullable List<String> after() {
        return cursor != null ? cursor : from;
    }

    /** The last key of an open range. */
    public List<String> end() {
        if (to == null) throw new IllegalStateException("an open range has an end");
        return to;
    }

    /** This range after a batch that walked all keys up to the given one. */
    public RangeRow walkedTo(List<String> key) {
        return new RangeRow(
                ordinal,
                from,
                to,
                key,
                null,
                rows,
                walked,
                skipped,
                batches + 1,
                key.equals(to),
                System.currentTimeMillis());
    }

    /**
     * This range after a batch that walked a stripe.
     *
     * @param next the stripe cursor after the batch
     */
    public RangeRow striped(StripeCursor next) {
        return new RangeRow(
                ordinal, from, to, cursor, next, rows, walked, skipped, batches + 1, false, System.currentTimeMillis());
    }

    /**
     * This range with the numbers of a batch added.
     *
     * @param changed rows that it changed
     * @param keys that it walked
     * @param failed rows that it skipped
     */
    public RangeRow with(long changed, long keys, long failed) {
        return new RangeRow(
                ordinal,
                from,
                to,
                cursor,
                rotation,
                rows + changed,
                walked + keys,
                skipped + failed,
                batches,
                done,
                committedAtMillis);
    }
}
