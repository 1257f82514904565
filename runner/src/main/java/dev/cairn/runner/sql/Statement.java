package dev.cairn.runner.sql;

import java.util.List;
import java.util.stream.Collectors;

/** One statement of a text, from its first token to its last, without the semicolon, and the hints before it. */
public final class Statement {
    /** Enough to read the transaction mode of any statement. An INSERT of a dump may have a million tokens. */
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

    /** The text as it is sent: with the block comments before it, as psql sends it. Planner hints are such comments. */
    public String sent() {
        return hints + text();
    }

    /** The text as it is written, with the comments inside it, without those before it. */
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

    /** @param position in {@link #sent}, in characters from 1, as the server counts */
    public TextPosition placeOf(int position) {
        var text = text();
        int characters = Math.clamp(
                position - 1L - hints.codePointCount(0, hints.length()), 0, text.codePointCount(0, text.length()));
        return TextPosition.in(source, offset() + text.offsetByCodePoints(0, characters));
    }

    /** Its transaction mode, by its first words. */
    public TransactionMode nature() {
        return TransactionModeReader.read(this);
    }

    /** The assignments of its UPDATE and MERGE clauses. */
    public List<Assignments> assignments() {
        return Assignments.of(
                Tokenizer.all(text()).stream().filter(Token::counts).toList());
    }

    /** Whether it is a SET or RESET that holds for the rest of the session. */
    public boolean setsSession() {
        var words = words();
        return words.take("RESET") || (words.take("SET") && !words.take("LOCAL") && !words.take("CONSTRAINTS"));
    }

    /** Whether {@code DISCARD ALL} undoes all that it may leave in its session, as far as its own text shows. */
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
