package dev.cairn.runner.session;

import java.sql.Connection;
import java.sql.SQLException;

/** Work in one transaction: committed when it returns, rolled back when it throws. */
public final class Transaction {
    private Transaction() {}

    /** What a transaction does. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** Work without a result. */
    @FunctionalInterface
    public interface Effect {
        void on(Connection connection) throws SQLException;
    }

    /**
     * @param connection in autocommit mode, and back in it afterwards
     * @throws SQLException as the work or the commit threw it
     */
    public static <T> T in(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            var result = work.on(connection);
            connection.commit();
            connection.setAutoCommit(true);
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            rollback(connection, e);
            throw e;
        }
    }

    /** @see #in(Connection, Work) */
    public static void run(Connection connection, Effect effect) throws SQLException {
        Transaction.<Boolean>in(connection, c -> {
            effect.on(c);
            return true;
        });
    }

    private static void rollback(Connection connection, Throwable cause) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // A lost connection has rolled back. The first failure is the one that matters.
            cause.addSuppressed(e);
        }
    }
}
