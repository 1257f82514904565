package dev.cairn.runner.sql;

import java.util.Locale;

/**
 * A piece of a text. The tokens of a text, joined, are the text.
 *
 * @param kind what it is
 * @param text its characters as they are written
 * @param start where it starts in the text, in UTF-16 units from 0
 */
record Token(Kind kind, String text, int start) {
    enum Kind {
        SPACE,
        COMMENT,
        /** A line of pg_dump that restricts psql, or ends the restriction. */
        DUMP_MARK,
        /** A keyword or a name without quotes. */
        WORD,
        QUOTED_NAME,
        STRING,
        NUMBER,
        /** Such as {@code $1}. */
        PARAMETER,
        /** Such as {@code :batch}. */
        PLACEHOLDER,
        /** One character, or {@code ::} or {@code :=}. */
        SYMBOL
    }

    /** The offset after its last character. */
    int end() {
        return start + text.length();
    }

    /** Whether it is part of a statement; false for space, comments and marks of a dump. */
    boolean counts() {
        return switch (kind) {
            case SPACE, COMMENT, DUMP_MARK -> false;
            case WORD, QUOTED_NAME, STRING, NUMBER, PARAMETER, PLACEHOLDER, SYMBOL -> true;
        };
    }

    boolean isBlockComment() {
        return kind == Kind.COMMENT && text.startsWith("/*");
    }

    /** Whether it is this keyword, given in capitals. */
    boolean is(String keyword) {
        return kind == Kind.WORD && text.toUpperCase(Locale.ROOT).equals(keyword);
    }

    boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }
}
