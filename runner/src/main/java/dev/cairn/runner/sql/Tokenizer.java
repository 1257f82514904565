package dev.cairn.runner.sql;

import dev.cairn.runner.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the borders of tokens as PostgreSQL's scanner (scan.l) does. It is lazy: it never reads what follows a refused
 * statement, such as the data of a COPY.
 */
final class Tokenizer {
    private final String text;
    private final Quotes quotes;
    private int at;

    Tokenizer(String text) {
        this.text = text;
        this.quotes = new Quotes(text);
    }

    /** @throws SqlRefused at a quote or comment that does not end, or a command for psql */
    static List<Token> all(String text) {
        var tokenizer = new Tokenizer(text);
        var tokens = new ArrayList<Token>();
        for (var token = tokenizer.next(); token != null; token = tokenizer.next()) tokens.add(token);
        return tokens;
    }

    /** The next token, null after the last. */
    @Nullable
    Token next() {
        if (at >= text.length()) return null;
        int start = at;
        var kind = kindHere();
        return new Token(kind, text.substring(start, at), start);
    }

    private Kind kindHere() {
        char c = text.charAt(at);
        if (isSpace(c)) return take(Kind.SPACE, skipSpace(at));
        if (text.startsWith("--", at)) return take(Kind.COMMENT, lineEnd(at));
        if (text.startsWith("/*", at)) return take(Kind.COMMENT, quotes.commentEnd(at));
        if (c == '\\') return take(Kind.DUMP_MARK, dumpMarkEnd());
        if (c == '\'') return take(Kind.STRING, quotes.stringEnd(at, at));
        if (c == '"') return take(Kind.QUOTED_NAME, quotes.nameEnd(at, at));
        if (c == '$') return dollar();
        if (c == ':') return colon();
        if (isDigit(c) || (c == '.' && isDigit(peek(1)))) return take(Kind.NUMBER, numberEnd(at));
        if (isNameStart(c)) return word(c);
        return take(Kind.SYMBOL, at + 1);
    }

    private Kind word(char c) {
        if (peek(1) == '\'' && (c == 'e' || c == 'E')) return take(Kind.STRING, quotes.escapedEnd(at, at + 1));
        if (peek(1) == '\'' && "bBxXnN".indexOf(c) >= 0) return take(Kind.STRING, quotes.stringEnd(at, at + 1));
        if ((c == 'u' || c == 'U') && peek(1) == '&') {
            if (peek(2) == '\'') return take(Kind.STRING, quotes.stringEnd(at, at + 2));
            if (peek(2) == '"') return take(Kind.QUOTED_NAME, quotes.nameEnd(at, at + 2));
        }
        return take(Kind.WORD, wordEnd(at));
    }

    private Kind dollar() {
        if (isDigit(peek(1))) {
            int end = at + 1;
            while (end < text.length() && isDigit(text.charAt(end))) end++;
            return take(Kind.PARAMETER, end);
        }
        int end = quotes.dollarEnd(at);
        return end < 0 ? take(Kind.SYMBOL, at + 1) : take(Kind.STRING, end);
    }

    private Kind colon() {
        if (peek(1) == ':' || peek(1) == '=') return take(Kind.SYMBOL, at + 2);
        if (isNameStart(peek(1))) return take(Kind.PLACEHOLDER, wordEnd(at + 1));
        return take(Kind.SYMBOL, at + 1);
    }

    /**
     * pg_dump writes two commands that only psql uses, at the start and the end of its output. Any other command needs
     * psql.
     */
    private int dumpMarkEnd() {
        int end = lineEnd(at);
        var command = text.substring(at, end).strip();
        int lineStart = at;
        while (lineStart > 0 && isSpace(text.charAt(lineStart - 1)) && !isNewline(text.charAt(lineStart - 1)))
            lineStart--;
        boolean opensLine = lineStart == 0 || isNewline(text.charAt(lineStart - 1));
        if (opensLine && command.matches("(?s)\\\\(un)?restrict(\\s.*)?")) return end;
        throw new SqlRefused(
                text,
                at,
                "\"" + command.split("\\s", 2)[0] + "\" is a command of psql, not SQL: remove it, "
                        + "and write what it does as SQL");
    }

    private Kind take(Kind kind, int end) {
        at = end;
        return kind;
    }

    private char peek(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
    }

    private int lineEnd(int from) {
        int end = from;
        while (end < text.length() && !isNewline(text.charAt(end))) end++;
        return end;
    }

    private int skipSpace(int from) {
        int end = from;
        while (end < text.length() && isSpace(text.charAt(end))) end++;
        return end;
    }

    private int wordEnd(int from) {
        int end = from;
        while (end < text.length() && isNamePart(text.charAt(end))) end++;
        return end;
    }

    /**
     * The end of a number: digits, a point, an exponent, hexadecimal digits. A sign after an exponent is a separate
     * token.
     */
    private int numberEnd(int from) {
        int end = from;
        boolean point = false;
        while (end < text.length()) {
            char c = text.charAt(end);
            boolean takesPoint = c == '.' && !point && !text.startsWith("..", end);
            if (!takesPoint && !isDigit(c) && !isAsciiLetter(c) && c != '_') break;
            point |= takesPoint;
            end++;
        }
        return end;
    }

    static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\f' || c == '\u000b' || isNewline(c);
    }

    static boolean isNewline(char c) {
        return c == '\n' || c == '\r';
    }

    static boolean isNameStart(char c) {
        return isAsciiLetter(c) || c == '_' || c >= 0x80;
    }

    static boolean isNamePart(char c) {
        return isNameStart(c) || isDigit(c) || c == '$';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isAsciiLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
