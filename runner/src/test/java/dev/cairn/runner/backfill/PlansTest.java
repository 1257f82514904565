package dev.cairn.runner.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.backfill.EnginePlans.Plan;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine's statements find their rows by the index, and touch no partition without one of them. */
class PlansTest {
    private static final int TENANTS = 40;
    private static final int ROWS_OF_A_TENANT = 5000;
    private static final int PARTITIONS = 20;
    private static final String ADD = "UPDATE t SET n = n + 1 WHERE :batch";

    private final TestDatabase database = TestDatabase.create();

    @AfterEach
    void close() {
        database.close();
    }

    /** What the planner knows of a table. */
    enum Statistics {
        NONE,
        FRESH,
        /** Of the first tenants alone, when the others were not there yet. */
        STALE
    }

    @ParameterizedTest
    @EnumSource
    void aCompositeKeyIsWalkedByItsIndex(Statistics statistics) throws SQLException {
        database.execute("CREATE TABLE t (tenant int, id bigint, n int NOT NULL DEFAULT 0, PRIMARY KEY (tenant, id))"
                + " WITH (autovacuum_enabled = false)");
        fill(statistics);
        for (var plan : plans()) assertThat(plan.scans()).as(plan.toString()).allMatch(PlansTest::isByIndex);
    }

    @ParameterizedTest
    @EnumSource
    void aPartitionedTableIsWalkedByItsPartitionsIndexes(Statistics statistics) throws SQLException {
        database.execute("CREATE TABLE t (tenant int, id bigint, n int NOT NULL DEFAULT 0, PRIMARY KEY (tenant, id))"
                + " PARTITION BY RANGE (tenant)");
        for (int n = 0; n < PARTITIONS; n++)
            database.execute(
                    "CREATE TABLE t_%d PARTITION OF t FOR VALUES FROM (%d) TO (%d) WITH (autovacuum_enabled = false)"
                            .formatted(n, n * TENANTS / PARTITIONS, (n + 1) * TENANTS / PARTITIONS));
        fill(statistics);
        for (var plan : plans()) {
            assertThat(plan.all()).isEqualTo(PARTITIONS);
            // Many keys of a small partition may be found by reading all of it; without a bound it is walked as a
            // whole.
            if (!plan.what().equals("stripe"))
                assertThat(plan.scans()).as(plan.toString()).noneMatch(scan -> scan.startsWith("Seq"));
            if (plan.what().equals("batch") || plan.what().equals("stripe"))
                assertThat(plan.touched()).as(plan.toString()).isLessThanOrEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STALE")
    void aTenantThatHasMostOfTheRowsIsWalkedByTheIndexToo(Statistics statistics) throws SQLException {
        // given rows of which two thirds share the key's first column, and lie in no order
        database.execute(
                "CREATE TABLE t (tenant int, id bigint, n int NOT NULL DEFAULT 0, PRIMARY KEY (tenant, id))"
                        + " WITH (autovacuum_enabled = false)",
                "INSERT INTO t SELECT CASE WHEN g % 3 = 0 THEN 1 + g % 10 ELSE 1 END, g"
                        + " FROM generate_series(1, 300000) g ORDER BY hashint8(g)");
        if (statistics == Statistics.FRESH) database.execute("ANALYZE t");
        try (var plans = new EnginePlans(database, "t", ADD)) {
            for (var after : List.of(List.of("1", "1000"), List.of("1", "150000"), List.of("1", "290000"))) {
                for (var plan : plans.at(after, 1000)) {
                    assertThat(plan.scans()).as(plan.toString()).allMatch(PlansTest::isByIndex);
                    if (statistics == Statistics.FRESH && plan.what().equals("batch"))
                        assertThat(plan.estimated()).as(plan.toString()).isBetween(plan.rows() / 10, plan.rows() * 10);
                    // Reads in the key's order stop early only where nothing is sorted.
                    if (plan.what().equals("bound") || plan.what().equals("windows"))
                        assertThat(plan.sorts()).as(plan.toString()).isFalse();
                }
            }
        }
    }

    private static boolean isByIndex(String scan) {
        return !scan.startsWith("Seq") && !scan.endsWith("unbounded");
    }

    private void fill(Statistics statistics) {
        var insert = "INSERT INTO t SELECT tenant, id FROM generate_series(%d, %d) tenant, generate_series(1, "
                + ROWS_OF_A_TENANT + ") id ORDER BY id, tenant";
        database.execute(insert.formatted(0, 1));
        if (statistics == Statistics.STALE) database.execute("ANALYZE t");
        database.execute(insert.formatted(2, TENANTS - 1));
        if (statistics == Statistics.FRESH) database.execute("ANALYZE t");
    }

    private List<Plan> plans() throws SQLException {
        try (var plans = new EnginePlans(database, "t", ADD)) {
            var all = new ArrayList<Plan>();
            for (var after : places()) for (int rows : List.of(100, 500)) all.addAll(plans.at(after, rows));
            return all;
        }
    }

    /** The start, the middle of a tenant, the end of one, and shortly before the end of all. */
    private static List<@Nullable List<String>> places() {
        var places = new ArrayList<@Nullable List<String>>();
        places.add(null);
        places.add(List.of("1", "2500"));
        places.add(List.of("20", "2500"));
        places.add(List.of("21", "5000"));
        places.add(List.of("39", "3000"));
        return places;
    }
}
