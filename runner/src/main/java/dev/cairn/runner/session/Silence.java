package dev.cairn.runner.session;

import java.time.Duration;

/**
 * How long a server may be silent while a session waits for it.
 *
 * @param look after so much silence, and each time again, the witness looks for a sign of life on a second connection
 * @param answer how long a login there, and an answer, may each take
 * @param doubt a look that finds no sign of life for so long is in doubt; the next one that is cuts the connection
 */
record Silence(Duration look, Duration answer, Duration doubt) {
    /** The third look cuts: a silent server is noticed within half a minute, however many sessions wait for it. */
    static final Silence USUAL = new Silence(Duration.ofSeconds(8), Duration.ofSeconds(6), Duration.ofSeconds(12));

    int lookMillis() {
        return (int) look.toMillis();
    }
}
