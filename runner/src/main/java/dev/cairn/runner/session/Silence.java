package dev.cairn.runner.session;

import java.time.Duration;

/**
 * How long a server may be silent while a session waits for it.
 *
 * @param look after each silence of this length, the witness looks for a sign of life on a second connection
 * @param answer the limit for a login on that connection, and the limit for its answer; shorter than {@code look}, so
 *     that each look asks again
 * @param doubt a look that finds no sign of life within this time is in doubt; a second look in doubt cuts the
 *     connection
 * @param unasked behind a pool, a look is also in doubt when the pool gave no session for the question within this time
 */
record Silence(Duration look, Duration answer, Duration doubt, Duration unasked) {
    /**
     * The third look cuts the connection. So the runner notices a silent server within half a minute, with any number
     * of waiting sessions.
     */
    static final Silence USUAL =
            new Silence(Duration.ofSeconds(8), Duration.ofSeconds(6), Duration.ofSeconds(12), Duration.ofMinutes(15));

    Silence {
        if (answer.compareTo(look) >= 0) throw new IllegalArgumentException("an answer may take a look: " + answer);
    }

    int lookMillis() {
        return (int) look.toMillis();
    }
}
