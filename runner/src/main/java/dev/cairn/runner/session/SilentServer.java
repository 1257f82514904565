package dev.cairn.runner.session;

import java.io.InterruptedIOException;
import java.io.Serial;

/**
 * A connection that was cut because its server gave no sign of life. TLS and the driver pass this exception on
 * unchanged.
 */
final class SilentServer extends InterruptedIOException {
    @Serial
    private static final long serialVersionUID = 1;

    SilentServer(String message) {
        super(message);
    }
}
