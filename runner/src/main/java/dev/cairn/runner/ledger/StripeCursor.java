package dev.cairn.runner.ledger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Neighbouring windows of keys that are walked in HOT stripes, in turn: the first stripe of each, then the second of
 * each. They begin after the range's cursor, which passes them when the last stripe of the last one is done.
 *
 * @param ends the last key of each window, in order
 * @param stripes in each window; a key's stripe is its hash modulo this
 * @param done how many stripes are committed, over all windows
 * @param within the last key that is committed of the stripe that is next, where a part of it is; null for none. Its keys
 *     are walked in their order
 */
public record StripeCursor(
        List<List<String>> ends,
        int stripes,
        int done,
        @Nullable List<String> within) {
    /** Copies the keys. */
    public StripeCursor {
        ends = List.copyOf(ends);
        within = within == null ? null : List.copyOf(within);
    }

    /** At the beginning of its first stripe. */
    public static StripeCursor first(List<List<String>> ends, int stripes) {
        return new StripeCursor(ends, stripes, 0, null);
    }

    /** Which window the next stripe is in, from 0. */
    public int window() {
        return done % ends.size();
    }

    /** Which stripe of its window is next, from 0. */
    public int stripe() {
        return done / ends.size();
    }

    /** How many stripes of a window are committed. */
    public int done(int window) {
        return stripe() + (window < window() ? 1 : 0);
    }

    /** Whether the next stripe is the last one. */
    public boolean isLast() {
        return done + 1 == stripes * ends.size();
    }

    /** After all of that stripe. */
    public StripeCursor next() {
        return new StripeCursor(ends, stripes, done + 1, null);
    }

    /** After a part of that stripe. */
    public StripeCursor upTo(List<String> key) {
        return new StripeCursor(ends, stripes, done, key);
    }

    /** The last key of all. */
    public List<String> end() {
        return ends.getLast();
    }
}
