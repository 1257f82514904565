package dev.cairn.runner.schema;

import dev.cairn.runner.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads a table each 20 ms, and measures from the moment when a read was due: a read that waits makes the next ones late,
 * as requests that queue behind it are. Prints what it measured; nothing is asserted about it.
 */
final class TickingReader implements AutoCloseable {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final List<Long> millis = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    TickingReader(TestDatabase database, String table) {
        thread = Thread.ofPlatform().start(() -> {
            try (var connection = database.connect();
                    var statement = connection.createStatement()) {
                for (long due = System.nanoTime(); !closed; due += TICK_NANOS) {
                    LockSupport.parkNanos(due - System.nanoTime());
                    statement.execute("SELECT FROM " + table);
                    add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - due));
                }
            } catch (SQLException e) {
                // The test has ended before it was closed.
                if (!closed) throw new IllegalStateException(e);
            }
        });
    }

    private synchronized void add(long waited) {
        millis.add(waited);
    }

    synchronized void print(String what) {
        var sorted = millis.stream().sorted().toList();
        System.out.printf(
                "%s: %d reads, p99 %d ms, longest %d ms%n",
                what, sorted.size(), sorted.get(sorted.size() * 99 / 100), sorted.getLast());
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
