package dev.cairn.runner.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The assignments of an UPDATE, MERGE or ON CONFLICT clause.
 *
 * @param table the name of the table, as the statement writes it
 * @param columns their names, as the catalogue spells them
 */
public record Assignments(String table, List<String> columns) {

    /** The assignments of all such clauses of a statement, also of those inside WITH. */
    static List<Assignments> of(List<Token> tokens) {
        var found = new ArrayList<Assignments>();
        String target = null;
        for (int at = 0; at < tokens.size(); at++) {
            var named = target(tokens, at);
            if (named != null) target = named;
            if (tokens.get(at).is("SET") && target != null && !isConflictAction(tokens, at))
                found.add(new Assignments(target, columns(tokens, at + 1)));
        }
        return found;
    }

    /** The table of {@code UPDATE [ONLY] t} or {@code MERGE INTO [ONLY] t}, if one starts at this token. */
    private static @Nullable String target(List<Token> tokens, int at) {
        var words = new Words(tokens.subList(at, tokens.size()));
        if (!words.take("UPDATE") && !words.take("MERGE", "INTO")) return null;
        words.take("ONLY");
        var name = words.takeName();
        // FOR UPDATE OF t, DO UPDATE SET …, WHEN MATCHED THEN UPDATE SET …: no table follows.
        return name == null || name.equalsIgnoreCase("SET") || name.equalsIgnoreCase("OF") ? null : name;
    }

    /** INSERT … ON CONFLICT updates rows of the table that it inserts into. The batch does not walk that table. */
    private static boolean isConflictAction(List<Token> tokens, int at) {
        return at >= 2 && tokens.get(at - 1).is("UPDATE") && tokens.get(at - 2).is("DO");
    }

    /** The columns of {@code a = …, (b, c) = …}, up to the clause's end. */
    private static List<String> columns(List<Token> tokens, int from) {
        var columns = new ArrayList<String>();
        int depth = 0;
        boolean left = true;
        for (int at = from; at < tokens.size(); at++) {
            var token = tokens.get(at);
            if (token.isSymbol("(")) depth++;
            if (token.isSymbol(")") && --depth < 0) break;
            if (depth == 0 && (token.is("FROM") || token.is("WHERE") || token.is("RETURNING") || token.is("WHEN")))
                break;
            if (depth == 0 && token.isSymbol("=")) left = false;
            if (depth == 0 && token.isSymbol(",")) left = true;
            boolean name = token.kind() == Token.Kind.WORD || token.kind() == Token.Kind.QUOTED_NAME;
            if (left && name) columns.add(folded(token));
        }
        return columns;
    }

    private static String folded(Token token) {
        var text = token.text();
        return token.kind() == Token.Kind.QUOTED_NAME
                ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
                : text.toLowerCase(Locale.ROOT);
    }
}
