package dev.cairn.runner.backfill.key;

import java.util.List;
import java.util.stream.Stream;

/** Collects keys, and returns them as array literals for the server, one literal for each column. */
public final class KeyArrays {
    private final List<StringBuilder> columns;
    private int size;

    public KeyArrays(int columns) {
        this.columns = Stream.generate(StringBuilder::new).limit(columns).toList();
    }

    /** @param key the server's text of each column */
    public void add(List<String> key) {
        for (int n = 0; n < columns.size(); n++) {
            var column = columns.get(n);
            append(size == 0 ? column : column.append(','), key.get(n));
        }
        size++;
    }

    public int size() {
        return size;
    }

    /** Such as {@code {1,2}}, one for each column. */
    public List<String> literals() {
        return columns.stream().map(column -> "{" + column + "}").toList();
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
