package dev.cairn.runner.end;

import dev.cairn.plan.Reason;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A failure that ends the run. Its reason decides the exit code. Its message is for the person who reads the status.
 */
public final class MigrationFailure extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final @Nullable String sqlState;
    private final @Nullable String hint;
    private final @Nullable String words;

    /** @param message the object, the cause and the next step; never a credential */
    public MigrationFailure(Reason reason, String message) {
        this(reason, message, null, null, null);
    }

    /**
     * @param sqlState the server's five characters, null where the server refused nothing
     * @param hint the server's own hint, null for none
     * @param cause for the log
     */
    public MigrationFailure(
            Reason reason,
            String message,
            @Nullable String sqlState,
            @Nullable String hint,
            @Nullable Throwable cause) {
        this(reason, message, sqlState, hint, null, cause);
    }

    /**
     * @param words the server's whole text with values of rows, for the ledger only; null for no more than the message
     */
    public MigrationFailure(
            Reason reason,
            String message,
            @Nullable String sqlState,
            @Nullable String hint,
            @Nullable String words,
            @Nullable Throwable cause) {
        super(message, cause);
        this.words = words;
        this.reason = reason;
        this.sqlState = sqlState;
        this.hint = hint;
    }

    public Reason reason() {
        return reason;
    }

    /** The message; never null. */
    public String text() {
        var message = getMessage();
        return message == null ? reason.name() : message;
    }

    public @Nullable String sqlState() {
        return sqlState;
    }

    public @Nullable String hint() {
        return hint;
    }

    /** The server's whole text with values of rows, for the ledger only; null for no more than the message. */
    public @Nullable String words() {
        return words;
    }
}
