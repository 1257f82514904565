package dev.cairn.runner.hold;

import java.sql.Connection;
import java.sql.SQLException;

/** One look at the database. Not thread-safe: the poller's thread asks them one after the other. */
interface Signal extends AutoCloseable {
    /**
     * Looks once.
     *
     * @param primary in a transaction that only reads, under a statement timeout
     * @throws SQLException as the server refused; it holds as well
     */
    Reading read(Connection primary) throws SQLException;

    /** Ends what it keeps open besides the primary's connection. */
    @Override
    default void close() {}
}
