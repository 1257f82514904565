package dev.cairn.runner.sql;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the tokens of a statement, from the first. */
final class Words {
    private final List<Token> tokens;
    private int at;

    Words(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** Takes these keywords if they come next: all of them or none. */
    boolean take(String... keywords) {
        if (at + keywords.length > tokens.size()) return false;
        for (int i = 0; i < keywords.length; i++) {
            if (!tokens.get(at + i).is(keywords[i])) return false;
        }
        at += keywords.length;
        return true;
    }

    /** Takes the next token if it is one of these keywords. */
    boolean takeOneOf(Set<String> keywords) {
        return !atEnd() && keywords.stream().anyMatch(this::take);
    }

    boolean atEnd() {
        return at == tokens.size();
    }

    /** Takes a name with its qualifiers, as it is written but without spaces; null if there is none. */
    @Nullable
    String takeName() {
        var name = new StringBuilder();
        while (at < tokens.size() && isName(tokens.get(at))) {
            name.append(tokens.get(at++).text());
            if (at + 1 >= tokens.size() || !tokens.get(at).isSymbol(".")) break;
            name.append(tokens.get(at++).text());
        }
        return name.isEmpty() ? null : name.toString();
    }

    /** Takes the parentheses that come next, with their content; empty if there are none. */
    List<Token> takeParentheses() {
        if (atEnd() || !tokens.get(at).isSymbol("(")) return List.of();
        int from = at;
        int depth = 0;
        do {
            if (tokens.get(at).isSymbol("(")) depth++;
            if (tokens.get(at).isSymbol(")")) depth--;
            at++;
        } while (depth > 0 && !atEnd());
        return tokens.subList(from, at);
    }

    /** Whether these keywords follow each other somewhere after the taken tokens, outside parentheses. */
    boolean comes(String... keywords) {
        int depth = 0;
        for (int i = at; i + keywords.length <= tokens.size(); i++) {
            if (tokens.get(i).isSymbol("(")) depth++;
            if (tokens.get(i).isSymbol(")")) depth--;
            var here = new Words(tokens.subList(i, tokens.size()));
            if (depth == 0 && here.take(keywords)) return true;
        }
        return false;
    }

    /** Whether the keyword is one of the options and is on. {@code (CONCURRENTLY false)} is off. */
    static boolean optionOn(List<Token> options, String keyword) {
        for (int i = 0; i < options.size(); i++) {
            if (!options.get(i).is(keyword)) continue;
            var value = i + 1 < options.size() ? options.get(i + 1).text().toLowerCase(Locale.ROOT) : "";
            if (value.equals("=") && i + 2 < options.size())
                value = options.get(i + 2).text().toLowerCase(Locale.ROOT);
            return !List.of("false", "off", "0", "no", "none", "'false'", "'off'")
                    .contains(value);
        }
        return false;
    }

    private static boolean isName(Token token) {
        return token.kind() == Token.Kind.WORD || token.kind() == Token.Kind.QUOTED_NAME;
    }
}
