package dev.cairn.runner.backfill.key;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a batch. */
public sealed interface BatchKeys {
    /** The number of keys when they were read. */
    long size();

    /**
     * All keys after one key and up to another.
     *
     * @param after null for the start of the table
     */
    record Stretch(@Nullable List<String> after, List<String> upTo, long size) implements BatchKeys {
        @Override
        public String toString() {
            return "after " + (after == null ? "the start" : Key.shown(after)) + " up to " + Key.shown(upTo);
        }
    }

    /**
     * Some keys, such as a stripe.
     *
     * @param columns an array literal of values for each column of the key; all of the same length
     * @param lower a lower bound of the keys; null where unknown
     * @param upper an upper bound of the keys
     */
    record Keys(List<String> columns, @Nullable List<String> lower, List<String> upper, long size)
            implements BatchKeys {
        @Override
        public String toString() {
            return size + " keys up to " + Key.shown(upper);
        }
    }
}
