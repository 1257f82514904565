package dev.cairn.runner.hold;

import dev.cairn.runner.session.Connector;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** A read-only session with time limits for slow queries and a silent network. */
final class Probe {
    /** The limit of one statement. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Longer than any statement may take: after this the network counts as silent. */
    private static final int NETWORK_MILLIS = 8_000;

    private static final String LIMITS = """
        SELECT pg_catalog.set_config('transaction_read_only', 'on', true),
               pg_catalog.set_config('row_security', 'off', true),
               pg_catalog.set_config('statement_timeout', '%1$d', true),
               pg_catalog.set_config('lock_timeout', '%1$d', true)
        """.formatted(PATIENCE.toMillis());

    private Probe() {}

    static Connection open(Connector connector) throws SQLException {
        var connection = connector.connect();
        // The driver closes the socket itself, so it needs no executor.
        connection.setNetworkTimeout(Runnable::run, NETWORK_MILLIS);
        return connection;
    }

    /** Reads in a separate, read-only transaction. */
    static <T> T guarded(Connection connection, Transaction.Work<T> look) throws SQLException {
        return Transaction.in(connection, c -> {
            try (var statement = c.createStatement()) {
                statement.execute(LIMITS);
            }
            return look.on(c);
        });
    }
}
