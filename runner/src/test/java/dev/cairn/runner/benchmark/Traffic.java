package dev.cairn.runner.benchmark;

import dev.cairn.runner.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * An application: three reads and one update in turn, each of a random row, at a steady rate. A client that had to wait
 * carries out afterwards what was due meanwhile, and that counts from when it was due: otherwise the longest waits would
 * stand for one operation each.
 */
final class Traffic {
    static final int CONNECTIONS = 4;

    private Traffic() {}

    /**
     * The latency of each operation in milliseconds.
     *
     * @param end the {@code System.nanoTime()} from which on nothing is due any more; {@code Long.MAX_VALUE} while that is
     *     not known
     */
    static List<Double> run(TestDatabase database, int rows, int rate, LongSupplier end) {
        var clients = new ArrayList<CompletableFuture<List<Double>>>();
        for (int client = 0; client < CONNECTIONS; client++) {
            int seed = client;
            clients.add(CompletableFuture.supplyAsync(
                    () -> client(database, rows, rate, end, seed), Thread::startVirtualThread));
        }
        return clients.stream().flatMap(client -> client.join().stream()).toList();
    }

    private static List<Double> client(TestDatabase database, int rows, int rate, LongSupplier end, int seed) {
        var random = new Random(seed);
        var millis = new ArrayList<Double>();
        long between = 1_000_000_000L * CONNECTIONS / rate;
        try (var connection = database.connect();
                var read = connection.prepareStatement("SELECT filler FROM t WHERE id = ?");
                var update = connection.prepareStatement("UPDATE t SET filler = 'y' || filler WHERE id = ?")) {
            long due = System.nanoTime() + between * seed / CONNECTIONS;
            for (int n = 0; due < end.getAsLong(); n++, due += between) {
                while (System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime());
                var statement = n % 4 == 3 ? update : read;
                statement.setLong(1, 1 + random.nextInt(rows));
                statement.execute();
                millis.add((System.nanoTime() - due) / 1e6);
            }
            return millis;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
