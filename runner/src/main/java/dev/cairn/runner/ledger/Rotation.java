package dev.cairn.runner.ledger;

import java.util.List;

/**
 * Neighbouring windows of keys that are walked in HOT stripes, in turn: the first stripe of each, then the second of
 * each. They begin after the range's cursor, which passes them when the last stripe of the last one is done.
 *
 * @param ends the last key of each window, in order
 * @param stripes in each window; a key's stripe is its hash modulo this
 * @param done how many stripes are committed, over all windows
 */
public record Rotation(List<List<String>> ends, int stripes, int done) {
    /** Copies the keys. */
    public Rotation {
        ends = List.copyOf(ends);
    }

    /** Which window the next batch is in, from 0. */
    public int window() {
        return done % ends.size();
    }

    /** Which stripe of its window the next batch is, from 0. */
    public int stripe() {
        return done / ends.size();
    }

    /** Whether the next batch is the last one. */
    public boolean isLast() {
        return done + 1 == stripes * ends.size();
    }

    /** After one more batch. */
    public Rotation next() {
        return new Rotation(ends, stripes, done + 1);
    }

    /** The last key of all. */
    public List<String> end() {
        return ends.getLast();
    }
}
