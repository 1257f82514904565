package dev.cairn.runner.sql;

import dev.cairn.runner.sql.Token.Kind;

/** Escapes operators such as {@code ?|} for JDBC, where a question mark is a parameter. */
public final class QuestionMarks {
    private QuestionMarks() {}

    /**
     * The statement with every question mark of an operator doubled, as the driver requires.
     *
     * @throws SqlRefused if the statement cannot be read
     */
    public static String doubled(String sql) {
        var doubled = new StringBuilder(sql.length());
        for (var token : Tokenizer.all(sql))
            doubled.append(token.kind() == Kind.SYMBOL ? token.text().replace("?", "??") : token.text());
        return doubled.toString();
    }
}
