package dev.cairn.runner.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.cases.Any;
import dev.cairn.cases.Cases;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Tables whose keys have one to three columns of any types in any directions, with gaps, with duplicates of all but the last
 * column and with nulls elsewhere, whole or in partitions: each row is in exactly one batch.
 */
class GeneratedTablesPropertyTest {
    /** A type of a key's column, and an expression that makes a value of it from an integer {@code v}; v = 0 is odd in some way. */
    enum Type {
        SMALLINT("smallint", "v"),
        BIGINT("bigint", "v * 92233720368547758"),
        NUMERIC("numeric", "CASE v WHEN 0 THEN 'NaN' ELSE v / 3.0 END"),
        DOUBLE("float8", "CASE v WHEN 0 THEN '-Infinity' ELSE 1 / v::float8 END"),
        BOOLEAN("boolean", "v > 0"),
        TEXT("text", "CASE v WHEN 0 THEN '' ELSE chr(192 + abs(v)) || '''\\' || v END"),
        BYTE_ORDER("text COLLATE \"C\"", "CASE v % 2 WHEN 0 THEN 'Z' ELSE 'a' END || v"),
        ICU("text COLLATE \"de-x-icu\"", "CASE v % 2 WHEN 0 THEN 'Ä' ELSE 'a' END || v"),
        PADDED("char(6)", "v"),
        UUID("uuid", "md5(v::text)::uuid"),
        BYTES("bytea", "decode(md5(v::text), 'hex')"),
        DATE("date", "CASE v WHEN 0 THEN 'infinity' ELSE date '2020-01-01' + v * 400 END"),
        INSTANT("timestamptz", "timestamptz '2025-10-26 00:59:59.999999Z' + v * interval '7 minutes'"),
        INTERVAL("interval", "v * interval '1 mon -3 days'"),
        ADDRESS("inet", "inet '10.0.1.0' + v"),
        ARRAY("int[]", "ARRAY[v % 3, v]");

        private final String name;
        private final String value;

        Type(String name, String value) {
            this.name = name;
            this.value = value;
        }

        String value(int column) {
            return "(" + value.replaceAll("\\bv\\b", "v" + column) + ")::" + name.replaceFirst(" COLLATE.*", "");
        }
    }

    /**
     * A table.
     *
     * @param columns of its key
     * @param descending of each column, in the key's index
     * @param partitions none for 0
     * @param rows an integer for each column of the key, made a value by its type; those that meet are one row
     */
    record Table(List<Type> columns, List<Boolean> descending, int partitions, List<List<Integer>> rows) {
        List<String> key() {
            return IntStream.range(0, columns.size()).mapToObj(i -> "k" + i).toList();
        }

        void createIn(TestDatabase database) {
            // Backwards, and between others: the key's order is not the table's.
            var definitions = IntStream.range(0, columns.size())
                    .mapToObj(i -> "k" + i + " " + columns.get(i).name + " NOT NULL")
                    .toList()
                    .reversed();
            database.execute("CREATE TABLE t (other text, " + String.join(", ", definitions)
                    + ", n int NOT NULL DEFAULT 0, nothing int)" + (partitions == 0 ? "" : " PARTITION BY HASH (k0)"));
            for (int i = 0; i < partitions; i++)
                database.execute("CREATE TABLE t_" + i + " PARTITION OF t FOR VALUES WITH (MODULUS " + partitions
                        + ", REMAINDER " + i + ")");
            database.execute("CREATE UNIQUE INDEX ON t ("
                    + IntStream.range(0, columns.size())
                            .mapToObj(i -> "k" + i + (descending.get(i) ? " DESC" : ""))
                            .collect(Collectors.joining(", "))
                    + ")");
            if (rows.isEmpty()) return;
            var names =
                    IntStream.range(0, columns.size()).mapToObj(i -> "v" + i).collect(Collectors.joining(", "));
            var values = rows.stream()
                    .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")")))
                    .collect(Collectors.joining(", "));
            database.execute("INSERT INTO t (" + String.join(", ", key()) + ", other) SELECT "
                    + IntStream.range(0, columns.size())
                            .mapToObj(i -> columns.get(i).value(i))
                            .collect(Collectors.joining(", "))
                    + ", CASE WHEN v0 <> 0 THEN repeat('x', 1500) END FROM (VALUES " + values + ") AS r (" + names
                    + ") ON CONFLICT DO NOTHING");
        }
    }

    @Test
    void eachRowIsInExactlyOneBatch() {
        Cases.check(40, any -> walk(table(any), any.integer(1, 9), any.of(Settings.Order.values()), any.integer(1, 3)));
    }

    private static void walk(Table table, int batch, Settings.Order order, int workers) {
        try (var database = TestDatabase.create()) {
            table.createIn(database);
            database.pretendRows(5000);
            long rows = Long.parseLong(database.value("SELECT count(*) FROM t"));

            var outcome = new RunnerFolder(database)
                    .pace(new Settings.Pace(60_000, batch, batch, batch, null, workers, order))
                    .backfill(new Work.Over("t", table.key(), "m"), "UPDATE t AS m SET n = n + 1 WHERE :batch", null)
                    .run();

            assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
            assertThat(database.query("SELECT n FROM t WHERE n <> 1")).isEmpty();
            assertThat(outcome.progress().walked()).isEqualTo(rows);
        }
    }

    private static Table table(Any any) {
        int columns = any.integer(1, 3);
        return new Table(
                any.exactly(columns, () -> any.of(Type.values())).toList(),
                any.exactly(columns, () -> any.random().nextBoolean()).toList(),
                any.of(0, 0, 3),
                any.some(120, () -> row(any, columns)).toList());
    }

    /** Few values in all columns but the last. */
    private static List<Integer> row(Any any, int columns) {
        return Stream.concat(any.exactly(columns - 1, () -> any.integer(-1, 1)), Stream.of(any.integer(-99, 99)))
                .toList();
    }
}
