package dev.cairn.runner.schema;

import dev.cairn.runner.sql.PinnedSql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The server's number for a transaction of one session. Every transaction gets the next number. That includes
 * transactions that write nothing, and those that a procedure begins with COMMIT or ROLLBACK.
 *
 * @param process of the session on the server
 * @param number within that process; it starts again after its highest value
 */
record TransactionNumber(String process, long number) {
    private static final String NOW = PinnedSql.of("""
        SELECT virtualtransaction FROM pg_catalog.pg_locks
         WHERE pid = pg_catalog.pg_backend_pid() AND locktype = 'virtualxid' AND granted
         LIMIT 1
        """);

    /** @param connection in autocommit mode: the query is a separate transaction */
    static TransactionNumber now(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(NOW)) {
            if (!rows.next()) throw new IllegalStateException("a transaction has no lock on its own number");
            return read(rows.getString(1));
        }
    }

    /** @param text such as {@code 3/1234} */
    private static TransactionNumber read(String text) {
        int slash = text.indexOf('/');
        return new TransactionNumber(text.substring(0, slash), Long.parseLong(text.substring(slash + 1)));
    }

    /** Whether it is the {@code n}-th transaction after the other one, in the same process. */
    boolean follows(TransactionNumber other, int n) {
        return process.equals(other.process) && number == other.number + n;
    }
}
