package dev.cairn.runner.ledger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Neighbouring windows of keys that are walked in HOT stripes, in turn: the first stripe of each, then the second
 * stripe of each. They begin after the range's cursor. The cursor moves past them when the last stripe of the last
 * window is done.
 *
 * @param ends the last key of each window, in order
 * @param striping how keys are assigned to stripes
 * @param done how many stripes are committed, in all windows together
 * @param within the last committed key of the next stripe, where a part of that stripe is committed; null for none. The
 *     keys of a stripe are walked in order
 */
public record StripeCursor(
        List<List<String>> ends,
        Striping striping,
        int done,
        @Nullable List<String> within) {
    /** Copies the keys. */
    public StripeCursor {
        ends = List.copyOf(ends);
        within = within == null ? null : List.copyOf(within);
    }

    /** A cursor at the beginning of the first stripe. */
    public static StripeCursor first(List<List<String>> ends, Striping striping) {
        return new StripeCursor(ends, striping, 0, null);
    }

    /** The window of the next stripe, from 0. */
    public int window() {
        return done % ends.size();
    }

    /** The number of the next stripe in its window, from 0. */
    public int stripe() {
        return done / ends.size();
    }

    /** How many stripes of a window are committed. */
    public int done(int window) {
        return stripe() + (window < window() ? 1 : 0);
    }

    /** Whether the next stripe is the last one. */
    public boolean isLast() {
        return done + 1 == striping.stripes() * ends.size();
    }

    /** The cursor after the whole stripe. */
    public StripeCursor next() {
        return new StripeCursor(ends, striping, done + 1, null);
    }

    /** The cursor after a part of the stripe. */
    public StripeCursor upTo(List<String> key) {
        return new StripeCursor(ends, striping, done, key);
    }

    /** The last key of all. */
    public List<String> end() {
        return ends.getLast();
    }
}
