package dev.cairn.runner.hold;

import java.sql.Connection;
import java.sql.SQLException;

/** A value of the database that is read regularly. Not thread-safe: the poller's thread reads the signals in turn. */
interface Signal extends AutoCloseable {
    /**
     * Reads it once.
     *
     * @param primary in a transaction that only reads, under a statement timeout
     * @throws SQLException from the server; a failure makes the walk wait, too
     */
    Reading read(Connection primary) throws SQLException;

    /** Closes what it keeps open besides the primary's connection. */
    @Override
    default void close() {}
}
