package dev.cairn.runner.sql;

import java.util.List;

/**
 * The statements of a text, in order.
 *
 * @param statements none that begins or ends a transaction: the caller does that
 */
public record Script(List<Statement> statements) {
    /** Copies the list. */
    public Script {
        statements = List.copyOf(statements);
    }

    /**
     * Splits a text. One BEGIN … COMMIT around all of it is taken off, since the caller runs it in a transaction anyway.
     *
     * @throws SqlRefused at what cannot be read or must not be run; the message has line, column and advice
     */
    public static Script of(String text) {
        return new Script(TransactionControl.unwrap(Splitter.split(text)));
    }
}
