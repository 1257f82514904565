package dev.cairn.runner;

import java.sql.SQLException;
import java.util.Random;

/**
 * An application that deletes rows of the table {@code t} and inserts others between them, whatever happens to the
 * server. New rows begin at n = 100, so that they can be told from those that were there.
 */
final class ComingsAndGoings implements Runnable {
    private final TestDatabase database;
    private final int rows;
    private final Random random;

    /** @param rows of the table, whose ids are three apart; a quarter of them is deleted at most */
    ComingsAndGoings(TestDatabase database, int rows, long seed) {
        this.database = database;
        this.rows = rows;
        this.random = new Random(seed);
    }

    @Override
    public void run() {
        for (int left = rows / 4; left > 0; ) left = some(left);
    }

    /** As many as one connection lasts for. */
    private int some(int most) {
        int left = most;
        try (var connection = database.connect();
                var delete = connection.prepareStatement("DELETE FROM t WHERE id = ?");
                var insert = connection.prepareStatement(
                        "INSERT INTO t (id, n) VALUES (?, 100) ON CONFLICT (id) DO NOTHING")) {
            for (; left > 0; left--) {
                delete.setLong(1, 3L * random.nextInt(1, rows));
                delete.executeUpdate();
                insert.setLong(1, 3L * random.nextInt(1, rows) + random.nextInt(1, 3));
                insert.executeUpdate();
            }
        } catch (SQLException e) {
            // The server was killed: that is what this is about.
        }
        return left;
    }
}
