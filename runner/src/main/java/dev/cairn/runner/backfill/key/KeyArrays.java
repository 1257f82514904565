package dev.cairn.runner.backfill.key;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Collects keys, and returns them as array literals for the server, one literal for each column. They take a fraction
 * of the memory of separate keys.
 */
public final class KeyArrays {
    private final List<Texts> columns;
    private int size;

    public KeyArrays(int columns) {
        this.columns = Stream.generate(Texts::new).limit(columns).toList();
    }

    /** @param key the server's text of each column */
    public void add(List<String> key) {
        for (int n = 0; n < columns.size(); n++) columns.get(n).add(key.get(n), size);
        size++;
    }

    public int size() {
        return size;
    }

    /** The n-th key, from 0. */
    public List<String> key(int n) {
        return columns.stream().map(column -> column.text(n)).toList();
    }

    /** The place of a key, by its text; -1 for none. */
    public int indexOf(List<String> key) {
        for (int n = 0; n < size; n++) if (key(n).equals(key)) return n;
        return -1;
    }

    /** Such as {@code {1,2}}, one for each column. */
    public List<String> literals() {
        return literals(0, size);
    }

    /** The same for some neighbouring keys, from one place (inclusive) to another (exclusive). */
    public List<String> literals(int from, int to) {
        var literals = new ArrayList<String>();
        for (var column : columns) literals.add(column.literal(from, to));
        return literals;
    }

    /** Texts in a row. */
    private static final class Texts {
        private final StringBuilder all = new StringBuilder();
        private int[] ends = new int[16];

        void add(String text, int place) {
            if (place == ends.length) ends = Arrays.copyOf(ends, 2 * place);
            all.append(text);
            ends[place] = all.length();
        }

        String text(int place) {
            return all.substring(place == 0 ? 0 : ends[place - 1], ends[place]);
        }

        String literal(int from, int to) {
            var literal = new StringBuilder("{");
            for (int n = from; n < to; n++) append(n == from ? literal : literal.append(','), text(n));
            return literal.append('}').toString();
        }

        /** Digits and hyphens need no quotes; any other text does (PostgreSQL: Arrays, 8.15.6). */
        private static void append(StringBuilder literal, String value) {
            if (isPlain(value)) {
                literal.append(value);
                return;
            }
            literal.append('"');
            for (int n = 0; n < value.length(); n++) {
                char c = value.charAt(n);
                if (c == '"' || c == '\\') literal.append('\\');
                literal.append(c);
            }
            literal.append('"');
        }

        private static boolean isPlain(String value) {
            for (int n = 0; n < value.length(); n++) {
                char c = value.charAt(n);
                if (!(c >= '0' && c <= '9') && c != '-') return false;
            }
            return !value.isEmpty();
        }
    }
}
