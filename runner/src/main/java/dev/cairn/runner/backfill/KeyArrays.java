package dev.cairn.runner.backfill;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Collects keys as array literals, a literal for each column: ready for the server, and a fraction of the memory that
 * the keys would take one by one.
 */
final class KeyArrays {
    private final List<StringBuilder> columns;
    private int size;

    KeyArrays(int columns) {
        this.columns = Stream.generate(StringBuilder::new).limit(columns).toList();
    }

    /** @param key the server's text of each column */
    void add(List<String> key) {
        for (int n = 0; n < columns.size(); n++) {
            var literal = columns.get(n).append(size == 0 ? '{' : ',');
            append(literal, key.get(n));
        }
        size++;
    }

    int size() {
        return size;
    }

    /** Such as {@code {1,2}}, one for each column. */
    List<String> literals() {
        var literals = new ArrayList<String>();
        for (var column : columns) literals.add(size == 0 ? "{}" : column + "}");
        return literals;
    }

    /** Digits and the like stand for themselves; anything else goes into quotes (PostgreSQL: Arrays, 8.15.6). */
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
