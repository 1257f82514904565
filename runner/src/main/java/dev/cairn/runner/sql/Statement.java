package dev.cairn.runner.sql;

import java.util.List;
import java.util.stream.Collectors;

/** One statement of a text: from its first token to its last, without the semicolon; and the hints before it. */
public final class Statement {
    /** More than any statement's nature depends on; a dump's INSERT may have a million. */
    private static final int FIRST_TOKENS = 100;

    private final String source;
    private final List<Token> tokens;
    private final int end;
    private final String hints;

    /**
     * @param hints the block comments before it
     * @param tokens those that count, at least one
     */
    Statement(String source, List<Token> hints, List<Token> tokens) {
        this.source = source;
        this.hints = hints.stream().map(token -> token.text() + " ").collect(Collectors.joining());
        this.tokens = List.copyOf(tokens.subList(0, Math.min(FIRST_TOKENS, tokens.size())));
        this.end = tokens.getLast().end();
    }

    /** As it is sent: with the block comments before it, as psql sends it. A planner's hints are such comments. */
    public String sent() {
        return hints + text();
    }

    /** As it is written, comments inside it included, those before it not. */
    public String text() {
        return source.substring(offset(), end);
    }

    /** Where it starts in the text that it was split from, in UTF-16 units from 0. */
    public int offset() {
        return tokens.getFirst().start();
    }

    /** Where it starts. */
    public TextPosition place() {
        return TextPosition.in(source, offset());
    }

    /** @param position in {@link #sent} as the server counts: characters, from 1 */
    public TextPosition placeOf(int position) {
        var text = text();
        int characters = Math.clamp(
                position - 1L - hints.codePointCount(0, hints.length()), 0, text.codePointCount(0, text.length()));
        return TextPosition.in(source, offset() + text.offsetByCodePoints(0, characters));
    }

    /** What it is, by its first words. */
    public TransactionMode nature() {
        return TransactionModeReader.read(this);
    }

    /** What its UPDATE and MERGE clauses assign. */
    public List<Assignments> assignments() {
        return Assignments.of(
                Tokenizer.all(text()).stream().filter(Token::counts).toList());
    }

    /** Whether it is a SET or RESET that holds for the rest of the session. */
    public boolean setsSession() {
        var words = words();
        return words.take("RESET") || (words.take("SET") && !words.take("LOCAL") && !words.take("CONSTRAINTS"));
    }

    /** Whether nothing that it may leave in its session outlasts {@code DISCARD ALL}, as far as its own text tells. */
    public boolean endsWithReset() {
        return SessionTraces.endWithReset(this);
    }

    SqlRefused refused(String why) {
        return new SqlRefused(source, offset(), why);
    }

    Words words() {
        return new Words(tokens);
    }

    @Override
    public String toString() {
        return text();
    }
}
