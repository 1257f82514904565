package dev.cairn.runner.backfill.table;

import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** The settings of the walk's transactions. None of them stays in the session. */
public final class TransactionSettings {
    /**
     * A lost batch loses its checkpoint, too, so a batch need not wait for the disk. A batch that waits for a lock
     * longer than a batch may take blocks other sessions; so does a batch that takes many times as long. The other
     * settings keep the text form of a key unchanged.
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

    /**
     * PostgreSQL checks for deadlocks after this time. It cancels the session that finds one, which may be the
     * application's.
     */
    private static final String DEADLOCK = PinnedSql.of("""
        SELECT setting::bigint FROM pg_catalog.pg_settings WHERE name = 'deadlock_timeout'
        """);

    private TransactionSettings() {}

    /**
     * Upper bound for a batch's lock wait: half of {@code deadlock_timeout}. The batch times out before PostgreSQL's
     * deadlock detector can cancel the application's transaction.
     */
    public static Duration longestWait(Connection connection) throws SQLException {
        try (var query = connection.createStatement();
                var rows = query.executeQuery(DEADLOCK)) {
            rows.next();
            return Duration.ofMillis(Math.max(1, rows.getLong(1) / 2));
        }
    }

    /** How long a batch waits for a lock. It holds locks itself, for which other sessions may wait. */
    public static Duration lockTimeout(Duration batch, Duration longestWait) {
        return batch.compareTo(longestWait) < 0 ? batch : longestWait;
    }

    /**
     * Sets the parameters of {@link #SQL}, which come first.
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
