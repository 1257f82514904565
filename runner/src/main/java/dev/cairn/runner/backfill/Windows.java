package dev.cairn.runner.backfill;

import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.ledger.Rotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys of neighbouring windows, by window and stripe. Not thread-safe: a worker's own. */
final class Windows {
    private final @Nullable List<String> after;
    private final int columns;
    private final int stripes;
    private final List<List<KeyArrays>> keys = new ArrayList<>();
    private final List<List<String>> ends = new ArrayList<>();
    private long size;
    private long largest;
    private long length;

    /** @param after the key that the first window comes after, null for the start of the table */
    Windows(@Nullable List<String> after, int columns, int stripes) {
        this.after = after;
        this.columns = columns;
        this.stripes = stripes;
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
    long size() {
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
                && (rotation == null || (rotation.ends().equals(ends) && rotation.stripes() == stripes));
    }

    /** Where the rotation stands in a range: at its beginning where the ledger knows nothing of it. */
    Rotation rotation(RangeRow range) {
        var rotation = range.rotation();
        return withoutEmpty(rotation == null ? new Rotation(ends, stripes, 0) : rotation);
    }

    /** What the rotation's next batch walks. */
    Slice.Keys slice(Rotation rotation) {
        int window = rotation.window();
        var stripe = keys.get(window).get(rotation.stripe());
        var before = window == 0 ? after : ends.get(window - 1);
        return new Slice.Keys(
                stripe.literals(),
                before == null ? null : before.getFirst(),
                ends.get(window).getFirst(),
                stripe.size());
    }

    /** The range after that batch; stripes without a key are passed over with it. */
    RangeRow after(RangeRow range, Rotation rotation) {
        if (rotation.isLast()) return range.walkedTo(rotation.end());
        var next = withoutEmpty(rotation.next());
        boolean nothingLeft = next.isLast() && isEmpty(next);
        return nothingLeft ? range.walkedTo(rotation.end()) : range.striped(next);
    }

    private Rotation withoutEmpty(Rotation rotation) {
        var at = rotation;
        while (!at.isLast() && isEmpty(at)) at = at.next();
        return at;
    }

    private boolean isEmpty(Rotation rotation) {
        return keys.get(rotation.window()).get(rotation.stripe()).size() == 0;
    }
}
