package dev.cairn.e2e.demo;

import java.sql.Connection;
import java.sql.SQLException;

/** The table of the example, as its README shows it. Its content can be checked row by row afterwards. */
public final class Messages {
    /** The database, and the role that owns it. */
    public static final String DATABASE = "chat";

    /** Which messages are favorites, as a function of the id, so that it is known also without the column. */
    private static final String FAVORITE = "(id * 7919) % 100 < 7";

    private Messages() {}

    /**
     * Creates the table. Blocks of ten thousand ids are far apart. Within them one id in three is missing. A few rooms
     * have most of the messages.
     *
     * @param connection in auto-commit mode
     * @param rows how many messages
     */
    public static void create(Connection connection, long rows) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("""
                    CREATE TABLE messages (
                      id       bigint PRIMARY KEY,
                      room     text NOT NULL,
                      body     text NOT NULL,
                      favorite boolean NOT NULL,
                      sent_at  timestamptz NOT NULL
                    );
                    SELECT setseed(0.5);
                    INSERT INTO messages
                    SELECT id, 'room-' || floor(1000 * random() ^ 4), repeat('lorem ipsum ', 1 + (random() ^ 3 * 20)::int),
                           %s, timestamptz '2024-01-01' + g * interval '3 seconds'
                      FROM (SELECT g, g + g / 2 + (g / 10000) * 250000 AS id
                              FROM generate_series(1::bigint, %d) AS g) AS numbered;
                    """.formatted(FAVORITE, rows));
            statement.execute("VACUUM ANALYZE messages");
        }
    }

    /** The state of the table. */
    public static Content read(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("""
                        SELECT count(*),
                               count(*) FILTER (WHERE mood = 'loved'),
                               count(*) FILTER (WHERE mood = 'neutral'),
                               count(*) FILTER (WHERE mood IS DISTINCT FROM CASE WHEN %s THEN 'loved' ELSE 'neutral' END)
                          FROM messages
                        """.formatted(FAVORITE))) {
            row.next();
            return new Content(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
        }
    }

    /**
     * The table's rows, counted.
     *
     * @param rows all of them
     * @param loved those that were favorites
     * @param neutral the others
     * @param wrong those whose mood does not fit their favorite
     */
    public record Content(long rows, long loved, long neutral, long wrong) {}
}
