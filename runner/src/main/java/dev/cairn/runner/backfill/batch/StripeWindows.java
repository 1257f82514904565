package dev.cairn.runner.backfill.batch;

import dev.cairn.runner.backfill.batch.BatchExecutor.Batch;
import dev.cairn.runner.backfill.key.BatchKeys;
import dev.cairn.runner.backfill.key.KeyArrays;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.ledger.StripeCursor;
import dev.cairn.runner.pace.WalkOrder.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys of neighbouring windows, by window and stripe. Not thread-safe: a worker's own. */
public final class StripeWindows {
    private final @Nullable List<String> after;
    private final int columns;
    private final int stripes;
    private final @Nullable StripeCursor begun;
    private final List<List<KeyArrays>> keys = new ArrayList<>();
    private final List<List<String>> ends = new ArrayList<>();
    private long size;
    private long largest;
    private long length;

    /** @param after the key that the first window comes after, null for the start of the table */
    StripeWindows(@Nullable List<String> after, int columns, int stripes) {
        this(after, columns, stripes, null);
    }

    /** Those of a rotation that is under way: a stripe has no key of the part that is committed. */
    StripeWindows(@Nullable List<String> after, int columns, StripeCursor begun) {
        this(after, columns, begun.stripes(), begun);
    }

    private StripeWindows(@Nullable List<String> after, int columns, int stripes, @Nullable StripeCursor begun) {
        this.after = after;
        this.columns = columns;
        this.stripes = stripes;
        this.begun = begun;
    }

    /**
     * Takes the next key in order. A window ends where one of its stripes is full: no batch is larger than wanted.
     *
     * @param rows wanted in a batch, at most
     * @param most how many windows there may be
     * @return false when it was not taken, because all windows are full
     */
    boolean add(List<String> key, int stripe, long rows, int most) {
        boolean isFull = keys.isEmpty() || (isClosed() && largest >= rows);
        if (isFull && keys.size() == most) return false;
        if (isFull) open();
        var keysOfStripe = keys.getLast().get(stripe);
        keysOfStripe.add(key);
        size++;
        largest = Math.max(largest, keysOfStripe.size());
        for (var column : key) length += column.length() + 1;
        close(key);
        return true;
    }

    private boolean isClosed() {
        return ends.size() == keys.size();
    }

    void open() {
        largest = 0;
        keys.add(Stream.generate(() -> new KeyArrays(columns)).limit(stripes).toList());
    }

    /** The last window ends here, as far as is known. */
    void close(List<String> end) {
        if (isClosed()) ends.removeLast();
        ends.add(end);
    }

    /** Keys in all. */
    public long size() {
        return size;
    }

    /** Characters of all keys. */
    long length() {
        return length;
    }

    /** Whether a range stands where these windows are what comes next. */
    boolean areNext(RangeRow range) {
        var rotation = range.rotation();
        return Objects.equals(range.after(), after)
                && (rotation == null
                        || (rotation.ends().equals(ends) && rotation.stripes() == stripes && first(rotation) >= 0));
    }

    /** Where the rotation stands in a range: at its beginning where the ledger knows nothing of it. */
    StripeCursor rotation(RangeRow range) {
        var rotation = range.rotation();
        return rotation == null ? withoutEmpty(StripeCursor.first(ends, stripes)) : withoutEmpty(rotation);
    }

    /**
     * What the rotation's next batch walks, and where the range is after it: a stripe, or a part of one that has become too
     * large since its window was chosen. Stripes without a key are passed over with it.
     *
     * @param most rows of a batch, 1 or more
     */
    public Batch next(RangeRow range, long most) {
        var rotation = rotation(range);
        var stripe = stripe(rotation);
        int from = first(rotation);
        int left = stripe.size() - from;
        // Even parts: a small rest would be a transaction for little.
        long parts = (left + most - 1) / most;
        int to = parts <= 1 ? stripe.size() : from + (int) ((left + parts - 1) / parts);
        boolean isAll = to == stripe.size();
        return new Batch(
                Way.STRIPED,
                slice(rotation, stripe, from, to),
                isAll ? after(range, rotation) : range.striped(rotation.upTo(stripe.key(to - 1))));
    }

    private BatchKeys.Keys slice(StripeCursor rotation, KeyArrays stripe, int from, int to) {
        // The last stripe of all may be empty.
        var end = ends.get(rotation.window());
        boolean isEmpty = from == to;
        return new BatchKeys.Keys(
                stripe.literals(from, to),
                isEmpty ? end : stripe.key(from),
                isEmpty ? end : stripe.key(to - 1),
                to - from);
    }

    private RangeRow after(RangeRow range, StripeCursor rotation) {
        if (rotation.isLast()) return range.walkedTo(rotation.end());
        var next = withoutEmpty(rotation.next());
        boolean nothingLeft = next.isLast() && isEmpty(next);
        return nothingLeft ? range.walkedTo(rotation.end()) : range.striped(next);
    }

    /** The place of the first key of the next stripe that is not committed yet; -1 where these windows do not know. */
    private int first(StripeCursor rotation) {
        var within = rotation.within();
        if (within == null || isAsBegun(rotation)) return 0;
        int last = stripe(rotation).indexOf(within);
        return last < 0 ? -1 : last + 1;
    }

    private boolean isAsBegun(StripeCursor rotation) {
        return begun != null && begun.done() == rotation.done() && Objects.equals(begun.within(), rotation.within());
    }

    private KeyArrays stripe(StripeCursor rotation) {
        return keys.get(rotation.window()).get(rotation.stripe());
    }

    private StripeCursor withoutEmpty(StripeCursor rotation) {
        var at = rotation;
        while (!at.isLast() && isEmpty(at)) at = at.next();
        return at;
    }

    private boolean isEmpty(StripeCursor rotation) {
        return stripe(rotation).size() == 0;
    }
}
