package dev.cairn.runner.backfill.key;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which rows a batch walks. */
public sealed interface BatchKeys {
    /** Keys in it when they were looked up. */
    long size();

    /**
     * All keys after one and up to another.
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
     * @param columns for each column of the key an array literal with its values; all of the same length
     * @param lower no key of the slice is below it; null where that is not known
     * @param upper no key of the slice is above it
     */
    record Keys(List<String> columns, @Nullable List<String> lower, List<String> upper, long size)
            implements BatchKeys {
        @Override
        public String toString() {
            return size + " keys up to " + Key.shown(upper);
        }
    }
}
