package dev.cairn.runner.session;

import java.time.Duration;

/**
 * How long a server may be silent while a session waits for it.
 *
 * @param look after so much silence, and each time again, the witness looks for a sign of life on a second connection
 * @param answer the limit for a login on that connection, and again for its answer; shorter than a look, so that each look asks again
 * @param doubt a look that finds no sign of life for so long is in doubt; the next one that is cuts the connection
 * @param unasked a look behind a pool that gave no session for the question for so long is in doubt, too
 */
record Silence(Duration look, Duration answer, Duration doubt, Duration unasked) {
    /** The third look cuts: a silent server is noticed within half a minute, however many sessions wait for it. */
    static final Silence USUAL =
            new Silence(Duration.ofSeconds(8), Duration.ofSeconds(6), Duration.ofSeconds(12), Duration.ofMinutes(15));

    Silence {
        if (answer.compareTo(look) >= 0) throw new IllegalArgumentException("an answer may take a look: " + answer);
    }

    int lookMillis() {
        return (int) look.toMillis();
    }
}
