package dev.cairn.runner.sql;

/**
 * A place in a text, counted as editors do.
 *
 * @param line from 1
 * @param column from 1, in characters (code points)
 * @param excerpt that line, cut to the part near the column
 */
public record TextPosition(int line, int column, String excerpt) {
    private static final int BEFORE = 40;
    private static final int AFTER = 60;

    /** @param offset in UTF-16 units from 0; one beyond the text counts as its end */
    public static TextPosition in(String text, int offset) {
        int at = Math.clamp(offset, 0, text.length());
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < at; i++) {
            if (endsLine(text, i)) {
                line++;
                lineStart = i + 1;
            }
        }
        return new TextPosition(line, text.codePointCount(lineStart, at) + 1, excerpt(text, lineStart, at));
    }

    private static boolean endsLine(String text, int i) {
        char c = text.charAt(i);
        return c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'));
    }

    private static String excerpt(String text, int lineStart, int at) {
        int lineEnd = at;
        while (lineEnd < text.length() && text.charAt(lineEnd) != '\n' && text.charAt(lineEnd) != '\r') lineEnd++;
        int from = Math.max(lineStart, at - BEFORE);
        int to = Math.min(lineEnd, at + AFTER);
        if (from > 0 && from < to && Character.isLowSurrogate(text.charAt(from))) from++;
        if (to < lineEnd && Character.isLowSurrogate(text.charAt(to))) to--;
        var shown = text.substring(from, Math.max(from, to)).strip();
        return (from > lineStart ? "…" : "") + shown + (to < lineEnd ? "…" : "");
    }

    /** Such as {@code line 3, column 14}. */
    @Override
    public String toString() {
        return "line " + line + ", column " + column;
    }
}
