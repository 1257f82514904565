package dev.cairn.runner.sql;

import java.util.List;

/**
 * The statements of a text, in order.
 *
 * @param statements without any that begins or ends a transaction: the caller does that
 */
public record Script(List<Statement> statements) {
    /** Copies the list. */
    public Script {
        statements = List.copyOf(statements);
    }

    /**
     * Splits a text. It removes one BEGIN … COMMIT around the whole text, since the caller runs it in a transaction.
     *
     * @throws SqlRefused if the text cannot be read or must not run; the message has line, column and advice
     */
    public static Script of(String text) {
        return new Script(TransactionControl.unwrap(Splitter.split(text)));
    }
}
