package dev.cairn.runner.sql;

import dev.cairn.runner.sql.Token.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the engine's own SQL independent of {@code search_path}: it names the schema pg_catalog for operators,
 * functions and types. PostgreSQL prefers an exact match to one in pg_catalog. So an operator on (text, varchar) in
 * {@code public}, which any user may create, would run with the rights of the migrations. The qualified name needs no
 * trip to the server and works behind a pool. The user's statements and their triggers keep the role's path.
 *
 * <p>It is only for the engine's own SQL. It refuses syntax without a qualified form ({@code IN}, {@code LIKE}, {@code
 * IS DISTINCT FROM} and the like). So a new statement with such syntax fails in its first test.
 */
public final class PinnedSql {
    private static final String OPERATOR_CHARACTERS = "+-*/<>=~!@#%^&|";

    /** Types that the grammar itself looks up in pg_catalog. */
    private static final Set<String> TYPES_OF_THE_GRAMMAR = Set.of(
            "INTEGER",
            "INT",
            "SMALLINT",
            "BIGINT",
            "REAL",
            "FLOAT",
            "DOUBLE",
            "DECIMAL",
            "NUMERIC",
            "BOOLEAN",
            "BIT",
            "CHARACTER",
            "CHAR",
            "VARCHAR",
            "TIME",
            "TIMESTAMP",
            "INTERVAL");

    /** Words before a parenthesis that are no function call. */
    private static final Set<String> SYNTAX = Set.of(
            "SELECT",
            "VALUES",
            "AS",
            "ANY",
            "ALL",
            "SOME",
            "EXISTS",
            "FILTER",
            "OVER",
            "BY",
            "COALESCE",
            "CAST",
            "EXTRACT",
            "GREATEST",
            "LEAST",
            "ROW",
            "ARRAY",
            "AND",
            "OR",
            "NOT",
            "ON",
            "WHERE",
            "FROM",
            "JOIN",
            "LATERAL",
            "THEN",
            "WHEN",
            "ELSE",
            "CONFLICT",
            "OPERATOR",
            "UNION",
            "WITH",
            "RECURSIVE",
            "DISTINCT",
            "MATERIALIZED",
            "SET",
            "RETURNING",
            "LIMIT",
            "OFFSET",
            "SYSTEM",
            "REPEATABLE",
            "EXPLAIN");

    private static final Set<String> BORDERS = Set.of(
            "SELECT",
            "FROM",
            "WHERE",
            "AND",
            "OR",
            "NOT",
            "ON",
            "CASE",
            "WHEN",
            "THEN",
            "ELSE",
            "END",
            "AS",
            "BY",
            "LIMIT",
            "OFFSET",
            "RETURNING",
            "VALUES",
            "SET",
            "UNION",
            "ORDER",
            "GROUP",
            "HAVING",
            "JOIN");

    private static final Set<String> WITHOUT_QUALIFIED_FORM =
            Set.of("IN", "LIKE", "ILIKE", "BETWEEN", "SIMILAR", "NULLIF", "USING");

    /** No operator yet in this part of an expression. */
    private static final int NONE = -1;

    /** The next {@code =} assigns. */
    private static final int ASSIGNMENT = -2;

    private final List<Token> tokens;
    private final String sql;
    private final StringBuilder pinned = new StringBuilder();
    private final Deque<Frame> frames = new ArrayDeque<>();
    private @Nullable Token before;

    private PinnedSql(String sql) {
        this.sql = sql;
        this.tokens = Tokenizer.all(sql);
        frames.push(new Frame(false));
    }

    /** The state inside a pair of parentheses. */
    private static final class Frame {
        final boolean cast;
        boolean assigns;
        int precedence = NONE;

        Frame(boolean cast) {
            this.cast = cast;
        }
    }

    /**
     * @param sql one or more of the engine's own statements, parameters as {@code ?}
     * @return the same with the schema pg_catalog for each operator, function and type without a schema
     * @throws IllegalArgumentException if something in it cannot be qualified; write it in another way
     */
    public static String of(String sql) {
        return new PinnedSql(sql).pin();
    }

    private String pin() {
        for (int at = 0; at < tokens.size(); at++) {
            var token = tokens.get(at);
            if (!token.counts()) pinned.append(token.text());
            else {
                at = take(at, token);
                before = tokens.get(at);
            }
        }
        return pinned.toString();
    }

    /** @return the index of the last token that was taken */
    private int take(int at, Token token) {
        if (token.kind() == Kind.WORD && token.is("OPERATOR")) return asItIs(at, closing(at));
        if (isOperator(token)) return operator(at);
        if (isTypeHere()) type(token, next(at));
        else if (token.kind() == Kind.WORD) word(token, next(at));
        else {
            symbol(token);
            pinned.append(token.text());
        }
        return at;
    }

    private int asItIs(int from, int to) {
        for (int at = from; at <= to; at++) pinned.append(tokens.get(at).text());
        frame().precedence = 1;
        return to;
    }

    private int closing(int from) {
        int at = from;
        while (!tokens.get(at).isSymbol(")")) at++;
        return at;
    }

    private void symbol(Token token) {
        var frame = frame();
        switch (token.text()) {
            case "(", "[" -> frames.push(new Frame(isWord(before, "CAST")));
            case ")", "]" -> frames.pop();
            case "," -> frame.precedence = frame.assigns ? ASSIGNMENT : NONE;
            case ";" -> {
                frame.assigns = false;
                frame.precedence = NONE;
            }
            default -> {}
        }
    }

    private void word(Token token, @Nullable Token next) {
        var word = token.text().toUpperCase(Locale.ROOT);
        boolean isPartOfAName = isSymbol(before, ".");
        if (!isPartOfAName) {
            if (WITHOUT_QUALIFIED_FORM.contains(word)) throw unqualified(word);
            if (word.equals("DISTINCT") && (isWord(before, "IS") || isWord(before, "NOT")))
                throw unqualified("IS DISTINCT");
            if (word.equals("CASE") && !isWord(next, "WHEN")) throw unqualified("CASE x WHEN");
            boolean isRelation = isWord(before, "FROM") || isWord(before, "JOIN");
            if (isRelation && token.text().startsWith("pg_") && !isSymbol(next, ".") && !isSymbol(next, "("))
                throw new IllegalArgumentException(token.text() + " without pg_catalog in: " + sql);
            border(word);
        }
        if (isCall(word, next) && !isPartOfAName) pinned.append("pg_catalog.");
        pinned.append(token.text());
    }

    private void border(String word) {
        if (!BORDERS.contains(word)) return;
        var frame = frame();
        frame.precedence = NONE;
        switch (word) {
            case "SET" -> {
                frame.assigns = true;
                frame.precedence = ASSIGNMENT;
            }
            case "WHERE", "FROM", "RETURNING", "SELECT" -> frame.assigns = false;
            default -> {}
        }
    }

    /** An alias with a list of columns looks like a call. It stands after AS, WITH, RECURSIVE or a parenthesis. */
    private boolean isCall(String word, @Nullable Token next) {
        return isSymbol(next, "(")
                && !SYNTAX.contains(word)
                && !isSymbol(before, ")")
                && !isWord(before, "AS")
                && !isWord(before, "WITH")
                && !isWord(before, "RECURSIVE");
    }

    private boolean isTypeHere() {
        return isSymbol(before, "::") || (isWord(before, "AS") && frame().cast);
    }

    /**
     * A type of pg_catalog as {@code format_type} writes it, with its schema.
     *
     * @param type such as {@code text}, {@code "char"} or {@code timestamp with time zone}
     */
    public static String type(String type) {
        var first = Tokenizer.all(type).getFirst();
        boolean isBare = !isOfTheGrammar(first) && !type.startsWith("pg_catalog.");
        return isBare ? "pg_catalog." + type : type;
    }

    private static boolean isOfTheGrammar(Token token) {
        return token.kind() == Kind.WORD
                && TYPES_OF_THE_GRAMMAR.contains(token.text().toUpperCase(Locale.ROOT));
    }

    private void type(Token token, @Nullable Token next) {
        if (!isOfTheGrammar(token) && !isSymbol(next, ".")) pinned.append("pg_catalog.");
        pinned.append(token.text());
    }

    private int operator(int from) {
        int to = from;
        while (to + 1 < tokens.size() && isOperator(tokens.get(to + 1))) to++;
        var operator = sql.substring(tokens.get(from).start(), tokens.get(to).end());
        if (isSign(operator) || (operator.equals("=") && frame().precedence == ASSIGNMENT)) {
            if (operator.equals("=")) frame().precedence = NONE;
            pinned.append(operator);
            return to;
        }
        requirePrecedence(operator);
        pinned.append("OPERATOR(pg_catalog.").append(operator).append(')');
        return to;
    }

    /** Whether it is the star of {@code SELECT *} or {@code count(*)}, or the sign of a number. */
    private boolean isSign(String operator) {
        if (operator.length() != 1 || "*-+".indexOf(operator.charAt(0)) < 0) return false;
        return before == null
                || isSymbol(before, "(")
                || isSymbol(before, ",")
                || isSymbol(before, ".")
                || isOperator(before)
                || (before.kind() == Kind.WORD && BORDERS.contains(before.text().toUpperCase(Locale.ROOT)));
    }

    /**
     * All qualified operators have the same precedence. Where the plain operators have different ones, parentheses are
     * required.
     */
    private void requirePrecedence(String operator) {
        int precedence = switch (operator) {
            case "=", "<>", "!=", "<", ">", "<=", ">=" -> 0;
            case "+", "-" -> 2;
            case "*", "/", "%" -> 3;
            default -> 1;
        };
        var frame = frame();
        if (frame.precedence >= 0 && frame.precedence != precedence)
            throw new IllegalArgumentException("parentheses around what is beside " + operator + " in: " + sql);
        frame.precedence = precedence;
    }

    private static boolean isOperator(Token token) {
        return token.kind() == Kind.SYMBOL
                && token.text().length() == 1
                && OPERATOR_CHARACTERS.indexOf(token.text().charAt(0)) >= 0;
    }

    private @Nullable Token next(int at) {
        for (int n = at + 1; n < tokens.size(); n++) if (tokens.get(n).counts()) return tokens.get(n);
        return null;
    }

    private Frame frame() {
        return frames.getFirst();
    }

    private IllegalArgumentException unqualified(String what) {
        return new IllegalArgumentException(
                what + " looks for its operator in the search_path; say it another way in: " + sql);
    }

    private static boolean isWord(@Nullable Token token, String keyword) {
        return token != null && token.is(keyword);
    }

    private static boolean isSymbol(@Nullable Token token, String symbol) {
        return token != null && token.isSymbol(symbol);
    }
}
