package dev.cairn.runner.session;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides how long one connection waits for its server. A statement may take hours, so silence alone proves nothing.
 * The {@link Witness} asks on a second connection whether the session works. So it takes at most half a minute to
 * notice that packets are dropped, or that a session has ended and its answer was lost. TCP's own limits are a quarter
 * of an hour, and a proxy between the two answers TCP's probes itself.
 *
 * <p>Sometimes the other side answers but gives the witness no session: a full pool or server, refused credentials.
 * Then the statement continues, since packets arrive, and {@link KeepAlive TCP's probes} end a dead connection. Behind
 * a pool such an answer does not show that the server is there, so {@link Silence#unasked} limits the wait.
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
     * The connection has a session from now on. Before this call, no answer may take long.
     *
     * @param pid of its server process; null where it is unknown yet, or a pool hides it
     */
    void session(@Nullable Integer pid) {
        this.pid = pid;
        this.isSession = true;
    }

    /** Milliseconds of silence before each {@link Wait#look}. */
    int lookMillis() {
        return limits.lookMillis();
    }

    /** One wait for an answer. Close it when the answer is there. */
    final class Wait implements AutoCloseable {
        private final long began = System.nanoTime();
        private final @Nullable Integer process = pid;
        private boolean asks;
        private boolean wasInDoubt;

        /**
         * Checks without waiting, so that the answer is read as soon as it arrives. The connection is cut when two
         * looks in a row find a reason for doubt. One look is not enough: the answer may be on its way, and a process
         * that was paused sees old silence first.
         *
         * @throws IOException if the connection must be cut
         */
        void look() throws IOException {
            if (!isSession) throw new SilentServer("no answer for " + seconds(began) + " s while connecting");
            if (!asks) witness.enter(process);
            asks = true;
            var doubt = doubt(witness.look());
            if (doubt != null && wasInDoubt) throw new SilentServer("the connection was cut: " + doubt);
            wasInDoubt = doubt != null;
        }

        private @Nullable String doubt(Witness.Known known) {
            var answer = known.answer();
            var over = process == null || answer.asked() - began < 0
                    ? null
                    : answer.over().get(process);
            if (over != null) return "no answer for " + seconds(began) + " s, though " + over;
            long sign = later(began, known.heard());
            if (known.silence() != null && isOlder(sign, limits.doubt()))
                return "no sign of life from the server for " + seconds(sign) + " s, and none on a second connection: "
                        + known.silence();
            if (process == null && isOlder(later(began, answer.asked()), limits.unasked()))
                return "no answer for " + seconds(began)
                        + " s, and the pool had no session for the question whether its server is at work"
                        + (known.silence() == null ? "" : " (" + known.silence() + ")")
                        + "; next step: let the pool have one more session (such as PgBouncer's default_pool_size and "
                        + "max_client_conn), or name the server itself in the target's connection.host";
            return null;
        }

        @Override
        public void close() {
            if (asks) witness.leave(process);
        }
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }

    private static boolean isOlder(long moment, Duration limit) {
        return System.nanoTime() - moment >= limit.toNanos();
    }

    private static long seconds(long since) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
    }
}
