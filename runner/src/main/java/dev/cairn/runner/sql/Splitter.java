package dev.cairn.runner.sql;

import java.util.ArrayList;
import java.util.List;

/** Splits a text at the semicolons that end a statement. */
final class Splitter {
    private final String text;
    private final List<Statement> statements = new ArrayList<>();
    private final List<Token> hints = new ArrayList<>();
    private final List<Token> current = new ArrayList<>();
    private int parentheses;
    private int bodies;

    private Splitter(String text) {
        this.text = text;
    }

    /** @throws SqlRefused if the text cannot be read, or has a statement that needs psql */
    static List<Statement> split(String text) {
        return new Splitter(text).split();
    }

    private List<Statement> split() {
        var tokens = new Tokenizer(text);
        for (var token = tokens.next(); token != null; token = tokens.next()) {
            if (token.kind() == Token.Kind.DUMP_MARK && !current.isEmpty())
                throw new SqlRefused(text, token.start(), "a command of psql inside a statement: remove it");
            if (token.isBlockComment() && current.isEmpty()) hints.add(token);
            if (token.counts()) add(token);
        }
        end();
        return statements;
    }

    private void add(Token token) {
        if (token.isSymbol(";") && parentheses == 0 && bodies == 0) {
            end();
            return;
        }
        current.add(token);
        // CREATE RULE … DO (a; b)
        if (token.isSymbol("(")) parentheses++;
        if (token.isSymbol(")") && parentheses > 0) parentheses--;
        if (isKeyword(token)) followBody(token);
    }

    /** CREATE FUNCTION … BEGIN ATOMIC a; b; END, where CASE … END nests. */
    private void followBody(Token token) {
        if (token.is("ATOMIC")
                && bodies == 0
                && current.size() > 1
                && current.get(current.size() - 2).is("BEGIN")) {
            if (createsRoutine()) bodies = 1;
        } else if (bodies > 0 && token.is("CASE")) {
            bodies++;
        } else if (bodies > 0 && token.is("END")) {
            bodies--;
        }
    }

    /** {@code a.end} and {@code AS end} are names. */
    private boolean isKeyword(Token token) {
        if (token.kind() != Token.Kind.WORD) return false;
        if (current.size() < 2) return true;
        var before = current.get(current.size() - 2);
        return !before.isSymbol(".") && !before.is("AS");
    }

    private boolean createsRoutine() {
        var words = new Words(current);
        if (!words.take("CREATE")) return false;
        words.take("OR", "REPLACE");
        return words.take("FUNCTION") || words.take("PROCEDURE");
    }

    private void end() {
        if (!current.isEmpty()) {
            var statement = new Statement(text, hints, current);
            ClientCommands.refuse(statement, new Words(current));
            statements.add(statement);
        }
        current.clear();
        hints.clear();
        parentheses = 0;
        bodies = 0;
    }
}
