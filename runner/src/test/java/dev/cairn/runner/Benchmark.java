package dev.cairn.runner;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;

/**
 * Rows a second of the engine beside the same loop in PL/pgSQL inside the server, which has no client to talk to. Both
 * walk in batches of the same size with the same checkpoint and without waiting for the disk. Not a test: it asserts no
 * time. Arguments: rows, rows of a batch, rounds.
 */
public final class Benchmark {
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

    private Benchmark() {}

    /**
     * Prints one line for each round.
     *
     * @param args rows, rows of a batch, rounds; all optional
     */
    public static void main(String[] args) throws IOException {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : 500_000;
        int batch = args.length > 1 ? Integer.parseInt(args[1]) : 5_000;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        try (var server = EmbeddedPostgres.builder()
                .setServerConfig("autovacuum", "off")
                .setServerConfig("max_wal_size", "8GB")
                .setServerConfig("shared_buffers", "512MB")
                .start()) {
            var ratios = new ArrayList<Double>();
            for (int round = 0; round < rounds; round++) {
                long engine = engine(server, rows, batch);
                long loop = loop(server, rows, batch);
                ratios.add((double) engine / loop);
                tell("engine %,d rows/s, PL/pgSQL loop %,d rows/s, ratio %.3f"
                        .formatted(engine, loop, ratios.getLast()));
            }
            Collections.sort(ratios);
            tell("median ratio %.3f".formatted(ratios.get(ratios.size() / 2)));
        }
    }

    private static long engine(EmbeddedPostgres server, int rows, int batch) {
        try (var database = table(server, rows)) {
            var folder = new RunnerFolder(database)
                    .pace(new Settings.Pace(60_000, batch, batch, batch, null))
                    .backfill("t", "UPDATE t SET n = n + 1 WHERE :batch");
            var outcome = folder.run();
            if (outcome.reason() != Reason.Applied) throw new IllegalStateException(outcome.message());
            // The walk alone, by the ledger's own clock: the start is measured elsewhere.
            var seconds = database.value("SELECT extract(epoch FROM max(at) - min(at)) FROM cairn.event"
                    + " WHERE event IN ('WalkBegun', 'Applied')");
            return (long) (rows / Double.parseDouble(seconds));
        }
    }

    private static long loop(EmbeddedPostgres server, int rows, int batch) {
        try (var database = table(server, rows)) {
            database.execute(
                    "CREATE TABLE checkpoint (cursor text[], rows bigint)",
                    "INSERT INTO checkpoint VALUES ('{0}', 0)",
                    LOOP);
            long began = System.nanoTime();
            database.execute("CALL loop(" + batch + ")");
            return perSecond(rows, began);
        }
    }

    private static TestDatabase table(EmbeddedPostgres server, int rows) {
        var database = TestDatabase.createOn(server.getPort());
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0, filler text)",
                "INSERT INTO t SELECT g, 0, repeat('x', 80) FROM generate_series(1, " + rows + ") g",
                "VACUUM (ANALYZE, FREEZE) t",
                "CHECKPOINT");
        return database;
    }

    private static long perSecond(int rows, long began) {
        return (long) (rows * 1e9 / (double) (System.nanoTime() - began));
    }

    @SuppressWarnings("SystemOut")
    private static void tell(String line) {
        System.out.println(line);
    }
}
