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
 * A second connection on the same way to the server, which tells whether sessions that are silent are at work. It is
 * opened for the first silence and closed after the last one. One question at a time is under way, on a thread of its
 * own, and its answer serves all sessions that wait: nobody waits for the question of another one. Whatever arrives on
 * the second connection is a sign of life, also an error or the answer to half a login. Thread-safe: all sessions of a
 * connector share it.
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

    /** @param patience an answer on a session that the witness has takes no longer, if the server is there */
    Witness(Opening opening, Duration patience) {
        this.opening = opening;
        this.patience = patience;
    }

    /** Opens the connection, within a time limit. */
    @FunctionalInterface
    interface Opening {
        /** @param heard to be called whenever something arrives */
        Connection open(Runnable heard) throws SQLException;
    }

    /**
     * The server's last answer.
     *
     * @param asked when its question began, by {@link System#nanoTime}
     * @param over why a session is not at work, by its process; those that are at work are missing
     */
    record Answer(long asked, Map<Integer, String> over) {}

    /**
     * What is known by now.
     *
     * @param heard when something arrived last, by {@link System#nanoTime}
     * @param silence why the last question has no answer; null if it has one
     */
    record Known(Answer answer, long heard, @Nullable String silence) {}

    /** @param pid of the server's process of a session that is silent; null where a pool hides it */
    synchronized void enter(@Nullable Integer pid) {
        waits++;
        if (pid != null) pids.add(pid);
    }

    /** It is not silent any more, or was cut. */
    synchronized void leave(@Nullable Integer pid) {
        waits--;
        if (pid != null) pids.remove(pid);
        if (waits > 0) return;
        silence = null;
        if (session == null) return;
        if (!isAsking) drop(session);
        // Its answer may never come; of a session without a pool the thread takes care.
        else if (session.isPooled()) session.abort();
    }

    /** Does not wait: asks again unless a question is under way, and returns what is known from those before. */
    synchronized Known look() {
        var known = new Known(answer, heard, isLate() ? "the pool answers, but not the server behind it" : silence);
        if (!isAsking) {
            isAsking = true;
            asked = System.nanoTime();
            Thread.ofPlatform().daemon().name("witness").start(this::ask);
        }
        return known;
    }

    /** A pool never takes such a session away, so that only its server can be what does not answer. */
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
            // Credentials that are missing by now say nothing about the server.
            failure = e.text();
            hear();
        } finally {
            end(answered, failure);
        }
    }

    /** Who is refused, or finds no name, has learnt nothing of a session that is there: TCP's own probes tell that. */
    private static boolean saysNothing(SQLException e) {
        return e.getCause() instanceof ConnectException || e.getCause() instanceof UnknownHostException;
    }

    private Answer answer() throws SQLException {
        var old = current();
        if (old != null) {
            try {
                return answer(old);
            } catch (SQLException e) {
                // It may have died for a reason of its own.
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
