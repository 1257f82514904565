package dev.cairn.runner.backfill.table;

import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** What the walk's transactions set for themselves; nothing of it stays in the session. */
public final class TransactionSettings {
    /**
     * A lost batch loses its checkpoint with it, so a batch need not wait for the disk. A batch that waits longer for a
     * lock than it may take is in somebody's way, and so is one that takes many times as long. The rest keeps the text of a key what it was when it was written down.
     */
    public static final String SQL = PinnedSql.of("""
        SELECT pg_catalog.set_config('synchronous_commit', 'off', true),
               pg_catalog.set_config('lock_timeout', ?, true),
               pg_catalog.set_config('statement_timeout', ?, true),
               pg_catalog.set_config('idle_in_transaction_session_timeout', '60s', true),
               pg_catalog.set_config('row_security', 'off', true),
               pg_catalog.set_config('DateStyle', 'ISO, ' || split_part(current_setting('DateStyle'), ', ', 2), true),
               pg_catalog.set_config('IntervalStyle', 'postgres', true),
               pg_catalog.set_config('extra_float_digits', '3', true)
        """);

    /** What is detected by then ends the session that finds it, and that may be the application's. */
    private static final String DEADLOCK = PinnedSql.of("""
        SELECT setting::bigint FROM pg_catalog.pg_settings WHERE name = 'deadlock_timeout'
        """);

    private TransactionSettings() {}

    /** So long at most may a transaction wait for a lock that it is never the application which dies of a deadlock. */
    public static Duration longestWait(Connection connection) throws SQLException {
        try (var query = connection.createStatement();
                var rows = query.executeQuery(DEADLOCK)) {
            rows.next();
            return Duration.ofMillis(Math.max(1, rows.getLong(1) / 2));
        }
    }

    /** How long a batch waits for a lock: it took some itself, and somebody may be waiting for those. */
    public static Duration lockTimeout(Duration batch, Duration longestWait) {
        return batch.compareTo(longestWait) < 0 ? batch : longestWait;
    }

    /**
     * Sets the parameters of {@link #SQL}, which are the first ones.
     *
     * @return the place after the last one
     */
    public static int bind(PreparedStatement statement, Limits limits) throws SQLException {
        statement.setString(1, Math.max(1, limits.lock().toMillis()) + "ms");
        statement.setString(2, limits.statement().toMillis() + "ms");
        return 3;
    }

    /** Applies them to the caller's transaction. */
    public static void apply(Connection connection, Limits limits) throws SQLException {
        try (var settings = connection.prepareStatement(SQL)) {
            bind(settings, limits);
            settings.execute();
        }
    }
}
