package dev.cairn.runner.sql;

import dev.cairn.runner.sql.Token.Kind;

/**
 * Placeholders such as {@code :batch}: a colon and a name, case-sensitive. Inside a string, a quoted name, a comment or
 * a dollar quote it is plain text. {@code ::batch} is a cast, and {@code :batches} is another name. In {@code
 * a[1:batch]} it is a placeholder, as in psql. Write {@code a[1: batch]} for a slice up to a column.
 */
public final class Placeholder {
    private Placeholder() {}

    /**
     * The statement with every occurrence replaced.
     *
     * @param placeholder with its colon
     * @throws SqlRefused if the statement cannot be read
     */
    public static String replace(String sql, String placeholder, String by) {
        var replaced = new StringBuilder(sql.length() + by.length());
        for (var token : Tokenizer.all(sql)) replaced.append(isIt(token, placeholder) ? by : token.text());
        return replaced.toString();
    }

    /**
     * How many times it occurs.
     *
     * @param placeholder with its colon
     * @throws SqlRefused if the statement cannot be read
     */
    public static int count(String sql, String placeholder) {
        return (int) Tokenizer.all(sql).stream()
                .filter(token -> isIt(token, placeholder))
                .count();
    }

    /** Whether it occurs in a text; false for a text that cannot be read. */
    public static boolean isIn(String sql, String placeholder) {
        try {
            return count(sql, placeholder) > 0;
        } catch (SqlRefused e) {
            return false;
        }
    }

    private static boolean isIt(Token token, String placeholder) {
        return token.kind() == Kind.PLACEHOLDER && token.text().equals(placeholder);
    }
}
