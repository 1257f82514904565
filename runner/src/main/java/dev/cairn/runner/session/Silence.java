package dev.cairn.runner.session;

import java.time.Duration;

/**
 * How long a server may be silent while it is waited for.
 *
 * @param look after so much silence, and each time again, a second connection is asked for a sign of life
 * @param answer how long connecting that one, and its answer, may each take
 * @param cut without a sign of life for so long, the connection is cut
 */
record Silence(Duration look, Duration answer, Duration cut) {
    /** A silent server is noticed within half a minute. */
    static final Silence USUAL = new Silence(Duration.ofSeconds(8), Duration.ofSeconds(6), Duration.ofSeconds(24));

    int lookMillis() {
        return (int) look.toMillis();
    }
}
