package dev.cairn.runner.schema;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.Backend;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.run.StaleSessions;
import dev.cairn.runner.sql.PinnedSql;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Allows one schema migration of a scope at a time. It is an advisory lock of a session that is never inside a
 * transaction, so that CREATE INDEX CONCURRENTLY does not wait for it. The lock ends with its connection.
 */
final class ScopeLock {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final String TRY = "SELECT pg_catalog.pg_try_advisory_lock(?)";
    private static final String HOLDER = PinnedSql.of("""
        SELECT locks.pid, activity.backend_start, coalesce(activity.application_name, '') AS application
          FROM pg_catalog.pg_locks locks LEFT JOIN pg_catalog.pg_stat_activity activity
            ON activity.pid = locks.pid
         WHERE locks.locktype = 'advisory' AND locks.granted AND locks.objsubid = 1
           AND locks.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
           AND ((locks.classid::bigint << 32) | locks.objid::bigint) = ?
        """);

    private final Run run;
    private @Nullable Backend lastHolder;
    private boolean tookOver;

    ScopeLock(Run run) {
        this.run = run;
    }

    /**
     * Waits for the lock as for any other ({@code locks.retryFor}), and reports its holder. It ends a session that this
     * run lost, or that an earlier start of the same migration left.
     *
     * @param connection holds the lock from now on, in autocommit mode
     * @param takesOver whether an earlier start's session may hold it. Such a session is ended only once: two live
     *     starts must not end each other's sessions for ever
     * @throws MigrationFailure with {@link Reason#AnotherMigrationRuns} when the time is over
     */
    void take(Connection connection, boolean takesOver) throws SQLException {
        long key = key(run.ledger().schema(), run.plan().migration().scope());
        if (lastHolder != null) new StaleSessions(run).end(connection, lastHolder, "this pod's lost connection");
        long deadline = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(run.settings().get().locks().retryForMillis());
        while (!isTaken(connection, key)) {
            var holder = holder(connection, key);
            if (takesOver && !tookOver && endedEarlierStart(connection, holder)) {
                tookOver = true;
                continue;
            }
            var cause = "waits for another schema migration of scope \""
                    + run.plan().migration().scope() + "\"" + (holder == null ? "" : ": " + holder);
            if (System.nanoTime() >= deadline) throw new MigrationFailure(Reason.AnotherMigrationRuns, cause);
            run.progress().activity(Activity.Waiting, cause);
            run.stop().pause(POLL);
        }
        lastHolder = Backend.of(connection);
        run.progress().activity(Activity.Running);
    }

    /** A name that the server cut off never matches: it may be the name of another migration. */
    private boolean endedEarlierStart(Connection connection, @Nullable Holder holder) throws SQLException {
        if (holder == null || holder.backend() == null) return false;
        if (!holder.application().equals(Run.applicationName(run.plan().migration()))) return false;
        new StaleSessions(run).end(connection, holder.backend(), "its earlier start");
        return true;
    }

    /** @param backend null where this role may not see the session's start */
    private record Holder(int pid, @Nullable Backend backend, String application) {
        @Override
        public String toString() {
            return "pid " + pid + " (" + application + ")";
        }
    }

    private static boolean isTaken(Connection connection, long key) throws SQLException {
        try (var query = prepare(connection, TRY, key);
                var rows = query.executeQuery()) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private static @Nullable Holder holder(Connection connection, long key) throws SQLException {
        try (var query = prepare(connection, HOLDER, key);
                var rows = query.executeQuery()) {
            if (!rows.next()) return null;
            var started = rows.getObject("backend_start", OffsetDateTime.class);
            int pid = rows.getInt("pid");
            return new Holder(pid, started == null ? null : new Backend(pid, started), rows.getString("application"));
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, long key) throws SQLException {
        var statement = connection.prepareStatement(sql);
        statement.setLong(1, key);
        return statement;
    }

    /** The same key for every runner of the scope on this ledger. No other advisory lock should have it. */
    static long key(String ledgerSchema, String scope) {
        try {
            var text = "cairn schema migration\0" + ledgerSchema + "\0" + scope;
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            long key = 0;
            for (int i = 0; i < Long.BYTES; i++) key = key << Byte.SIZE | (digest[i] & 0xff);
            return key;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
