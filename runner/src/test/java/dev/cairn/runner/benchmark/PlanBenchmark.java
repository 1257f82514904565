package dev.cairn.runner.benchmark;

import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.backfill.EnginePlans;
import dev.cairn.runner.backfill.EnginePlans.Plan;
import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the planner makes of the engine's statements on large tables, all along a walk. Not a test: it asserts nothing.
 * Arguments: rows of each table. Prints Markdown.
 */
public final class PlanBenchmark {
    private static final int TENANTS = 1000;
    private static final int PARTITIONS = 20;
    private static final int BATCH = 10_000;
    private static final String COLUMNS = "(tenant int, id bigint, n int NOT NULL DEFAULT 0, PRIMARY KEY (tenant, id))";

    private PlanBenchmark() {}

    /**
     * Prints the table.
     *
     * @param args rows
     */
    public static void main(String[] args) throws IOException, SQLException {
        int rows = Integer.parseInt(args[0]);
        tell(
                "| table of %,d rows | statistics | after | statement | scans | partitions | cost | rows, estimated | in truth |"
                        .formatted(rows));
        tell("|---|---|---|---|---|---|---|---|---|");
        try (var server = new BenchmarkServer(rows);
                var composite = server.empty();
                var partitioned = server.empty()) {
            composite.execute("CREATE TABLE t " + COLUMNS + " WITH (autovacuum_enabled = false)");
            tell(composite, "(tenant, id)", rows);
            partitioned.execute("CREATE TABLE t " + COLUMNS + " PARTITION BY RANGE (tenant)");
            for (int n = 0; n < PARTITIONS; n++)
                partitioned.execute(
                        "CREATE TABLE t_%d PARTITION OF t FOR VALUES FROM (%d) TO (%d) WITH (autovacuum_enabled = false)"
                                .formatted(n, n * TENANTS / PARTITIONS, (n + 1) * TENANTS / PARTITIONS));
            tell(partitioned, "the same in " + PARTITIONS + " partitions", rows);
        }
    }

    private static void tell(TestDatabase database, String name, int rows) throws SQLException {
        // Each tenant's rows lie all over the table, as they came.
        database.execute("INSERT INTO t SELECT g %% %d, g FROM generate_series(1, %d) g".formatted(TENANTS, rows));
        tell(database, name, "none", rows);
        database.execute("ANALYZE t");
        tell(database, name, "fresh", rows);
    }

    private static void tell(TestDatabase database, String name, String statistics, int rows) throws SQLException {
        try (var plans = new EnginePlans(database, "t", "UPDATE t SET n = n + 1 WHERE :batch")) {
            for (var place : places(rows).entrySet())
                for (var plan : plans.at(place.getValue(), BATCH)) tell(name, statistics, place.getKey(), plan);
        }
    }

    private static Map<String, List<String>> places(int rows) {
        var places = new LinkedHashMap<String, List<String>>();
        places.put("1 %", key(TENANTS / 100, rows / 2));
        places.put("50 %", key(TENANTS / 2, rows / 2));
        places.put("99 %", key(TENANTS * 99 / 100, rows / 2));
        return places;
    }

    private static List<String> key(int tenant, int id) {
        return List.of(String.valueOf(tenant), String.valueOf(id));
    }

    private static void tell(String name, String statistics, String place, Plan plan) {
        tell("| %s | %s | %s | %s | %s | %d / %d | %.0f | %,d | %,d |"
                .formatted(
                        name,
                        statistics,
                        place,
                        plan.what(),
                        plan.scans().stream()
                                .map(scan -> scan.replaceFirst(" t\\w*", ""))
                                .distinct()
                                .collect(Collectors.joining(", ")),
                        plan.touched(),
                        plan.all(),
                        plan.cost(),
                        plan.estimated(),
                        plan.rows()));
    }

    @SuppressWarnings("SystemOut")
    private static void tell(String text) {
        System.out.println(text);
    }
}
