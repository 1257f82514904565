package dev.cairn.runner.session;

import dev.cairn.runner.end.MigrationFailure;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A second connection by the same route to the server. It finds out whether silent sessions still work. It opens with
 * the first silence and closes after the last one. It asks one question at a time, on its own thread. The answer serves
 * all waiting sessions, so no session waits for another one's question. All data that arrives on the second connection
 * is a sign of life, also an error or the answer to a part of a login. Thread-safe: all sessions of a connector share
 * it.
 */
final class Witness {
    private final Opening opening;
    private final Duration patience;
    private final Set<Integer> pids = new HashSet<>();
    private int waits;
    private boolean isAsking;
    private long asked = System.nanoTime();
    private long heard = asked;
    private @Nullable WitnessSession session;
    private Answer answer = new Answer(asked, Map.of());
    private @Nullable String silence;

    /** @param patience the longest time for an answer on an open session, if the server is there */
    Witness(Opening opening, Duration patience) {
        this.opening = opening;
        this.patience = patience;
    }

    /** Opens the connection, within a time limit. */
    @FunctionalInterface
    interface Opening {
        /** @param heard to call at each arrival of data */
        Connection open(Runnable heard) throws SQLException;
    }

    /**
     * The server's last answer.
     *
     * @param asked when its question began, by {@link System#nanoTime}
     * @param over why a session does not work, by its process; working sessions are missing
     */
    record Answer(long asked, Map<Integer, String> over) {}

    /**
     * What is known so far.
     *
     * @param heard when data arrived last, by {@link System#nanoTime}
     * @param silence why the last question has no answer; null if it has one
     */
    record Known(Answer answer, long heard, @Nullable String silence) {}

    /** @param pid of the server process of a silent session; null where a pool hides it */
    synchronized void enter(@Nullable Integer pid) {
        waits++;
        if (pid != null) pids.add(pid);
    }

    /** The session is no longer silent, or was cut. */
    synchronized void leave(@Nullable Integer pid) {
        waits--;
        if (pid != null) pids.remove(pid);
        if (waits > 0) return;
        silence = null;
        if (session == null) return;
        if (!isAsking) drop(session);
        // Its answer may never come. Without a pool, the thread closes the session itself.
        else if (session.isPooled()) session.abort();
    }

    /**
     * Returns what is known from earlier questions, and asks again unless a question is under way. It does not wait.
     */
    synchronized Known look() {
        var known = new Known(answer, heard, isLate() ? "the pool answers, but not the server behind it" : silence);
        if (!isAsking) {
            isAsking = true;
            asked = System.nanoTime();
            Thread.ofPlatform().daemon().name("witness").start(this::ask);
        }
        return known;
    }

    /** A pool never takes such a session away. So only the server can be silent. */
    private boolean isLate() {
        return isAsking && session != null && session.isPooled() && System.nanoTime() - asked >= patience.toNanos();
    }

    private void ask() {
        @Nullable Answer answered = null;
        @Nullable String failure = null;
        try {
            answered = answer();
        } catch (SQLException e) {
            failure = SqlFailures.text(e);
            if (saysNothing(e)) hear();
        } catch (MigrationFailure e) {
            // Missing credentials say nothing about the server.
            failure = e.text();
            hear();
        } finally {
            end(answered, failure);
        }
    }

    /** A refused connection or an unknown host says nothing about an open session: TCP's own probes check that one. */
    private static boolean saysNothing(SQLException e) {
        return e.getCause() instanceof ConnectException || e.getCause() instanceof UnknownHostException;
    }

    private Answer answer() throws SQLException {
        var old = current();
        if (old != null) {
            try {
                return answer(old);
            } catch (SQLException e) {
                // Only this session may have died.
                drop(old);
            }
        }
        var fresh = WitnessSession.on(opening.open(this::hear));
        keep(fresh);
        try {
            return answer(fresh);
        } catch (SQLException e) {
            drop(fresh);
            throw e;
        }
    }

    private Answer answer(WitnessSession session) throws SQLException {
        Set<Integer> which;
        long began;
        synchronized (this) {
            which = Set.copyOf(pids);
            began = asked;
        }
        return new Answer(began, session.over(which));
    }

    private synchronized void hear() {
        heard = System.nanoTime();
    }

    private synchronized @Nullable WitnessSession current() {
        return session;
    }

    private synchronized void keep(WitnessSession fresh) {
        session = fresh;
    }

    private synchronized void drop(WitnessSession old) {
        old.close();
        session = null;
    }

    private synchronized void end(@Nullable Answer answered, @Nullable String failure) {
        isAsking = false;
        if (waits > 0) {
            if (answered != null) answer = answered;
            silence = failure;
        } else if (session != null) drop(session);
    }
}
