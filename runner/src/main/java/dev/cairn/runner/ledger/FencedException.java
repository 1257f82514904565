package dev.cairn.runner.ledger;

import java.io.Serial;

/** The ledger is not as this run left it: nothing was written. Roll back and read the ledger again. */
public final class FencedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    FencedException(String message) {
        super(message);
    }
}
