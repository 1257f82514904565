package dev.cairn.runner.backfill.batch;

import dev.cairn.runner.backfill.batch.BatchExecutor.Batch;
import dev.cairn.runner.backfill.key.BatchKeys;
import dev.cairn.runner.ledger.RangeRow;
import dev.cairn.runner.ledger.StripeCursor;
import dev.cairn.runner.ledger.Striping;
import dev.cairn.runner.pace.WalkOrder.Way;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys of neighbouring windows, by window and stripe. Not thread-safe: each worker has its own. */
public final class StripeWindows {
    private final @Nullable List<String> after;
    private final int columns;
    private final Striping striping;
    private final @Nullable StripeCursor begun;
    private final List<List<List<Part>>> parts = new ArrayList<>();
    private final List<List<String>> ends = new ArrayList<>();
    private long size;
    private long length;

    /** @param after the key before the first window, null for the start of the table */
    StripeWindows(@Nullable List<String> after, int columns, Striping striping) {
        this(after, columns, striping, null);
    }

    /** The windows of a running rotation. Its next stripe lacks the committed keys. */
    StripeWindows(@Nullable List<String> after, int columns, StripeCursor begun) {
        this(after, columns, begun.striping(), begun);
    }

    private StripeWindows(@Nullable List<String> after, int columns, Striping striping, @Nullable StripeCursor begun) {
        this.after = after;
        this.columns = columns;
        this.striping = striping;
        this.begun = begun;
    }

    /**
     * Keys of one stripe, in the server's array text. A stripe has one part, or several parts in the key's order.
     *
     * @param arrays an array literal for each column of the key
     * @param upTo all keys of the stripe up to this one are in this part or earlier parts
     */
    public record Part(long size, List<String> arrays, List<String> upTo) {}

    /** Cuts a part that has become too large. */
    @FunctionalInterface
    public interface Cut {
        /** @return parts of at most this many keys, in order */
        List<Part> into(Part part, long most) throws SQLException;
    }

    /** Opens the next window. */
    void open(List<String> end) {
        ends.add(end);
        parts.add(Stream.<List<Part>>generate(ArrayList::new)
                .limit(striping.stripes())
                .toList());
    }

    /** Adds the next part of a stripe to the last opened window. */
    void add(int stripe, Part part) {
        parts.getLast().get(stripe).add(part);
        size += part.size;
        for (var array : part.arrays) length += array.length();
    }

    int windows() {
        return ends.size();
    }

    Striping striping() {
        return striping;
    }

    /** The number of all keys. */
    public long size() {
        return size;
    }

    /** Characters of all keys. */
    long length() {
        return length;
    }

    /** Whether a range is at the start of these windows or within them. */
    boolean areNext(RangeRow range) {
        var rotation = range.rotation();
        return Objects.equals(range.after(), after)
                && (rotation == null
                        || (rotation.ends().equals(ends)
                                && rotation.striping().equals(striping)
                                && first(rotation) >= 0));
    }

    /**
     * The rotation's next batch: a stripe or a part of one, and the range after it. It skips stripes without keys.
     *
     * @param most rows of a batch, 1 or more
     */
    public Batch next(RangeRow range, long most, Cut cut) throws SQLException {
        var rotation = rotation(range);
        var stripe = stripe(rotation);
        // The very last stripe may be empty.
        if (stripe.isEmpty()) return batch(rotation, empty(rotation), after(range, rotation));
        int first = first(rotation);
        if (stripe.get(first).size > most) {
            var pieces = cut.into(stripe.remove(first), most);
            stripe.addAll(first, pieces);
        }
        var part = stripe.get(first);
        boolean isAll = first == stripe.size() - 1;
        return batch(rotation, part, isAll ? after(range, rotation) : range.striped(rotation.upTo(part.upTo)));
    }

    private Batch batch(StripeCursor rotation, Part part, RangeRow after) {
        int window = rotation.window();
        var lower = window == 0 ? this.after : ends.get(window - 1);
        return new Batch(Way.STRIPED, new BatchKeys.Keys(part.arrays, lower, ends.get(window), part.size), after);
    }

    private Part empty(StripeCursor rotation) {
        return new Part(0, Collections.nCopies(columns, "{}"), ends.get(rotation.window()));
    }

    /** The rotation's place in a range; its beginning if the ledger has none. */
    private StripeCursor rotation(RangeRow range) {
        var rotation = range.rotation();
        return withoutEmpty(rotation == null ? StripeCursor.first(ends, striping) : rotation);
    }

    private RangeRow after(RangeRow range, StripeCursor rotation) {
        if (rotation.isLast()) return range.walkedTo(rotation.end());
        var next = withoutEmpty(rotation.next());
        boolean nothingLeft = next.isLast() && stripe(next).isEmpty();
        return nothingLeft ? range.walkedTo(rotation.end()) : range.striped(next);
    }

    /** The first part of the next stripe that is not committed; -1 if unknown. */
    private int first(StripeCursor rotation) {
        var within = rotation.within();
        if (within == null || isAsBegun(rotation)) return 0;
        var stripe = stripe(rotation);
        for (int n = 0; n < stripe.size() - 1; n++) if (stripe.get(n).upTo.equals(within)) return n + 1;
        return -1;
    }

    private boolean isAsBegun(StripeCursor rotation) {
        return begun != null && begun.done() == rotation.done() && Objects.equals(begun.within(), rotation.within());
    }

    private List<Part> stripe(StripeCursor rotation) {
        return parts.get(rotation.window()).get(rotation.stripe());
    }

    private StripeCursor withoutEmpty(StripeCursor rotation) {
        var at = rotation;
        while (!at.isLast() && stripe(at).isEmpty()) at = at.next();
        return at;
    }
}
