package dev.cairn.runner.session;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides how long one connection waits for its server. A statement may take hours, so silence alone means nothing: a
 * second connection is asked whether the session is at work. A server whose packets are dropped, or a session that is over
 * and whose answer was lost, is noticed within half a minute; TCP's own limits are a quarter of an hour, and a proxy between
 * the two answers TCP's probes itself.
 */
final class Lifeline {
    private final Silence limits;
    private final Witness witness;
    private volatile boolean isSession;
    private volatile @Nullable Integer pid;

    Lifeline(Silence limits, Witness witness) {
        this.limits = limits;
        this.witness = witness;
    }

    /**
     * The connection has a session from now on. Before that, no answer takes long.
     *
     * @param pid of its server process; null where a pool hides it
     */
    void session(@Nullable Integer pid) {
        this.pid = pid;
        this.isSession = true;
    }

    /** Milliseconds of silence before the first and each other {@link Wait#look}. */
    int lookMillis() {
        return limits.lookMillis();
    }

    /** One wait for an answer. Close it when the answer is there. */
    final class Wait implements AutoCloseable {
        private final long began = System.nanoTime();
        private long lastSign = began;
        private boolean wasOver;
        private boolean asks;

        /** @throws IOException if the connection is to be cut */
        void look() throws IOException {
            if (!isSession) throw new SilentServer("no answer for " + seconds(began) + " s while connecting");
            if (!asks) witness.enter();
            asks = true;
            switch (witness.ask(pid)) {
                case Witness.Sign.Working _ -> {
                    lastSign = System.nanoTime();
                    wasOver = false;
                }
                // Its answer may be on the way: that is seen by the next look.
                case Witness.Sign.Over(var how) -> {
                    if (wasOver) throw cut("no answer for " + seconds(began) + " s, though " + how);
                    wasOver = true;
                    lastSign = System.nanoTime();
                }
                case Witness.Sign.Unreachable(var why) -> {
                    if (System.nanoTime() - lastSign >= limits.cut().toNanos())
                        throw cut("no sign of life from the server for " + seconds(lastSign)
                                + " s, and none on a second connection: " + why);
                }
            }
        }

        @Override
        public void close() {
            if (asks) witness.leave();
        }
    }

    private static SilentServer cut(String why) {
        return new SilentServer("the connection was cut: " + why);
    }

    private static long seconds(long since) {
        return TimeUnit.NANOSECONDS.toSeconds(
                Duration.ofNanos(System.nanoTime() - since).toNanos());
    }
}
