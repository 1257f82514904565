package dev.cairn.runner.benchmark;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Settings.Order;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;

/** A way to add one to a column of every row of the table {@code t}. */
sealed interface Contestant {
    /** Rows of a batch of the engine and of the loop inside the server. */
    int BATCH = 10_000;

    /** As the tables of the benchmark call it. */
    String label();

    /** Seconds that it took. */
    double run(TestDatabase database) throws SQLException;

    /** What people write first. */
    record OneShot() implements Contestant {
        @Override
        public String label() {
            return "one UPDATE";
        }

        @Override
        public double run(TestDatabase database) {
            return Stopwatch.seconds(() -> database.execute("UPDATE t SET n = n + 1"));
        }
    }

    /** The same batches as the engine's, with the same checkpoint, and no client to talk to. */
    record ServerLoop() implements Contestant {
        private static final String LOOP = """
            CREATE PROCEDURE loop(size int) LANGUAGE plpgsql AS $$
            DECLARE at bigint := 0; upto bigint; last bigint; changed bigint;
            BEGIN
                SELECT max(id) INTO last FROM t;
                WHILE at < last LOOP
                    PERFORM set_config('synchronous_commit', 'off', true);
                    SELECT id INTO upto FROM t WHERE id > at AND id <= last ORDER BY id LIMIT 1 OFFSET size - 1;
                    upto := coalesce(upto, last);
                    UPDATE t SET n = n + 1 WHERE id > at AND id <= upto;
                    GET DIAGNOSTICS changed = ROW_COUNT;
                    UPDATE checkpoint SET cursor = ARRAY[upto::text], rows = rows + changed WHERE cursor = ARRAY[at::text];
                    COMMIT;
                    at := upto;
                END LOOP;
            END $$
            """;

        @Override
        public String label() {
            return "loop in PL/pgSQL";
        }

        @Override
        public double run(TestDatabase database) {
            database.execute(
                    "CREATE TABLE checkpoint (cursor text[], rows bigint)",
                    "INSERT INTO checkpoint VALUES ('{0}', 0)",
                    LOOP);
            return Stopwatch.seconds(() -> database.execute("CALL loop(" + BATCH + ")"));
        }
    }

    /** What frameworks generate: a thousand ids, their update, a commit, and round again. */
    record ClientLoop() implements Contestant {
        @Override
        public String label() {
            return "client loop, 1,000 ids";
        }

        @Override
        public double run(TestDatabase database) throws SQLException {
            try (var connection = database.connect();
                    var ids = connection.prepareStatement("SELECT id FROM t WHERE id > ? ORDER BY id LIMIT 1000");
                    var update = connection.prepareStatement("UPDATE t SET n = n + 1 WHERE id = ANY (?)")) {
                long began = System.nanoTime();
                for (long last = 0; last >= 0; ) {
                    ids.setLong(1, last);
                    last = -1;
                    var found = new ArrayList<Long>();
                    try (var rows = ids.executeQuery()) {
                        while (rows.next()) {
                            last = rows.getLong(1);
                            found.add(last);
                        }
                    }
                    update.setArray(1, connection.createArrayOf("bigint", found.toArray()));
                    if (!found.isEmpty()) update.executeUpdate();
                }
                return Stopwatch.secondsSince(began);
            }
        }
    }

    /** Cairn's. */
    record Engine(Order order, int workers) implements Contestant {
        @Override
        public String label() {
            return "Cairn, %s, %d worker%s"
                    .formatted(
                            switch (order) {
                                case Plain -> "plain";
                                case Striped -> "striped";
                                case Measured -> "measured";
                            },
                            workers,
                            workers == 1 ? "" : "s");
        }

        @Override
        public double run(TestDatabase database) {
            var outcome = folder(database).run();
            if (outcome.reason() != Reason.Applied) throw new IllegalStateException(outcome.message());
            return walked(database);
        }

        private RunnerFolder folder(TestDatabase database) {
            return new RunnerFolder(database)
                    .pace(new Settings.Pace(60_000, BATCH, BATCH, BATCH, null, workers, order))
                    .backfill("t", "UPDATE t SET n = n + 1 WHERE :batch");
        }

        /** The walk alone, by the ledger's own clock: the start is measured elsewhere. */
        private static double walked(TestDatabase database) {
            return Double.parseDouble(database.value("SELECT extract(epoch FROM max(at) - min(at)) FROM cairn.event"
                    + " WHERE event IN ('WalkBegun', 'Applied')"));
        }
    }

    /**
     * The engine of a build, as its image starts it.
     *
     * @param name of the build
     * @param log what it says, replaced by each run
     */
    record Image(String name, ImageProgram program, Engine engine, Path log) implements Contestant {
        @Override
        public String label() {
            return engine.label() + ", " + name;
        }

        @Override
        public double run(TestDatabase database) {
            try {
                var process = program.command(engine.folder(database))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
                if (process.waitFor() != 0) throw new IllegalStateException(Files.readString(log));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return Engine.walked(database);
        }
    }
}
