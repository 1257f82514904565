package dev.cairn.runner.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the key is, each row is changed exactly once. */
class KeyTypesTest {
    /**
     * A kind of key.
     *
     * @param name of the case
     * @param table as SQL writes it
     * @param key for over.key
     * @param ddl makes the table and its 200 rows; {@code n int DEFAULT 0} is the column that counts
     */
    record Case(String name, String table, List<String> key, List<String> ddl) {
        Case(String name, String table, List<String> key, String... ddl) {
            this(name, table, key, List.of(ddl));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private final TestDatabase database = TestDatabase.create();

    @AfterEach
    void close() {
        database.close();
    }

    static Stream<Case> cases() {
        return Stream.of(
                one("negative bigint", "bigint", "(g - 100) * 7919"),
                one("smallint", "smallint", "(g - 100)"),
                one("uuid", "uuid", "md5(g::text)::uuid"),
                one("text in the database's collation", "text", "md5(g::text) || chr(65 + g % 26) || 'é-' || g"),
                one(
                        "text in the C collation",
                        "text COLLATE \"C\"",
                        "CASE g % 3 WHEN 0 THEN 'Z' ELSE 'a' END || md5(g::text)"),
                one(
                        "text in an ICU collation",
                        "text COLLATE \"de-x-icu\"",
                        "chr(192 + g % 60) || CASE g % 2 WHEN 0 THEN 'A' ELSE 'a' END || g"),
                one("text with quotes and backslashes", "text", "chr(1 + g % 120) || '''\"\\{},' || g"),
                one("empty text", "text", "repeat('x', g - 1)"),
                one("varchar", "varchar(40)", "md5(g::text)"),
                one("char", "char(8)", "g::text"),
                one(
                        "timestamptz across a summer time",
                        "timestamptz",
                        "timestamptz '2025-10-25 20:00Z' + g * interval '7 minutes 1.000001 seconds'"),
                one(
                        "timestamptz with infinities and old zones",
                        "timestamptz",
                        "CASE g WHEN 1 THEN '-infinity' WHEN 2 THEN 'infinity' ELSE timestamptz '1800-01-01' + g * interval '1 year' END"),
                one("timestamp before Christ", "timestamp", "timestamp '0100-01-01 BC' + g * interval '1 year'"),
                one("date", "date", "date '2020-01-01' - g * 400"),
                one("time", "time", "time '00:00' + g * interval '1.5 seconds'"),
                one("interval", "interval", "(g - 100) * interval '1 mon -3 days 4.5 seconds'"),
                one("numeric with many digits", "numeric", "(g - 100) * 12345678901234567890.000000001"),
                one("numeric with NaN", "numeric", "CASE g WHEN 7 THEN 'NaN' ELSE (g - 100)::numeric / 3 END"),
                one("numeric with a scale", "numeric(12, 3)", "g * 1.25"),
                one(
                        "double",
                        "float8",
                        "CASE g WHEN 7 THEN 'NaN' WHEN 8 THEN '-Infinity' ELSE 1 / (g::float8 - 100.5) END"),
                one("real", "real", "g::real / 3"),
                one("bytea", "bytea", "decode(md5(g::text), 'hex')"),
                one("inet", "inet", "inet '10.0.0.0' + g * 3"),
                one("boolean in two rows", "boolean", "g > 1", 2),
                one("array", "int[]", "ARRAY[g % 7, g]"),
                one("bit string", "varbit", "g::bit(12)::varbit"),
                new Case(
                        "enum",
                        "t",
                        List.of(),
                        "CREATE TYPE mood AS ENUM ('zz', 'm', 'aa')",
                        "CREATE TABLE t (id mood PRIMARY KEY, n int DEFAULT 0)",
                        "INSERT INTO t VALUES ('aa'), ('m'), ('zz')"),
                new Case(
                        "domain",
                        "t",
                        List.of(),
                        "CREATE DOMAIN pos AS int CHECK (value > 0)",
                        "CREATE TABLE t (id pos PRIMARY KEY, n int DEFAULT 0)",
                        "INSERT INTO t SELECT g FROM generate_series(1, 200) g"),
                new Case(
                        "two columns",
                        "t",
                        List.of(),
                        "CREATE TABLE t (a int, b text, n int DEFAULT 0, PRIMARY KEY (a, b))",
                        "INSERT INTO t SELECT g % 5, md5(g::text) FROM generate_series(1, 200) g"),
                new Case(
                        "three columns, few leading values",
                        "t",
                        List.of(),
                        "CREATE TABLE t (a bool, b uuid, c timestamptz, n int DEFAULT 0, PRIMARY KEY (c, a, b))",
                        "INSERT INTO t SELECT g % 2 = 0, md5(g::text)::uuid, timestamptz '2025-01-01' + (g % 3) * interval '1 day' FROM generate_series(1, 200) g"),
                new Case(
                        "mixed directions",
                        "t",
                        List.of("a", "b"),
                        "CREATE TABLE t (a int NOT NULL, b int NOT NULL, n int DEFAULT 0)",
                        "CREATE UNIQUE INDEX ON t (a DESC, b ASC)",
                        "INSERT INTO t SELECT g % 9, g FROM generate_series(1, 200) g"),
                new Case(
                        "an index in another collation than its column",
                        "t",
                        List.of("id"),
                        "CREATE TABLE t (id text NOT NULL, n int DEFAULT 0)",
                        "CREATE UNIQUE INDEX ON t (id COLLATE \"C\")",
                        "INSERT INTO t SELECT CASE g % 2 WHEN 0 THEN 'B' ELSE 'a' END || g FROM generate_series(1, 200) g"),
                new Case(
                        "an index with further columns",
                        "t",
                        List.of("id"),
                        "CREATE TABLE t (id int NOT NULL, n int DEFAULT 0)",
                        "CREATE UNIQUE INDEX ON t (id) INCLUDE (n)",
                        "INSERT INTO t SELECT g FROM generate_series(1, 200) g"),
                new Case(
                        "mixed case and a schema",
                        "\"App\".\"Order Lines\"",
                        List.of(),
                        "CREATE SCHEMA \"App\"",
                        "CREATE TABLE \"App\".\"Order Lines\" (\"Order Id\" int, \"L\"\"n\" int, n int DEFAULT 0, PRIMARY KEY (\"Order Id\", \"L\"\"n\"))",
                        "INSERT INTO \"App\".\"Order Lines\" SELECT g / 4, g FROM generate_series(1, 200) g"),
                new Case(
                        "partitioned by range",
                        "t",
                        List.of(),
                        "CREATE TABLE t (id int, at date, n int DEFAULT 0, PRIMARY KEY (at, id)) PARTITION BY RANGE (at)",
                        "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2025-01-01') TO ('2025-03-01')",
                        "CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM ('2025-03-01') TO ('2026-01-01')",
                        "INSERT INTO t SELECT g, date '2025-01-01' + g FROM generate_series(1, 200) g"),
                new Case(
                        "partitioned by hash",
                        "t",
                        List.of(),
                        "CREATE TABLE t (id int PRIMARY KEY, n int DEFAULT 0) PARTITION BY HASH (id)",
                        "CREATE TABLE t_0 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                        "CREATE TABLE t_1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                        "INSERT INTO t SELECT g FROM generate_series(1, 200) g"),
                new Case(
                        "inherited, with a key twice",
                        "t",
                        List.of(),
                        "CREATE TABLE t (id int PRIMARY KEY, n int DEFAULT 0)",
                        "CREATE TABLE t_more () INHERITS (t)",
                        "INSERT INTO t SELECT g FROM generate_series(1, 100) g",
                        "INSERT INTO t_more SELECT g FROM generate_series(1, 100) g"));
    }

    private static Case one(String name, String type, String value) {
        return one(name, type, value, 200);
    }

    private static Case one(String name, String type, String value, int rows) {
        return new Case(
                name,
                "t",
                List.of(),
                "CREATE TABLE t (id " + type + " PRIMARY KEY, n int DEFAULT 0)",
                "INSERT INTO t SELECT " + value + " FROM generate_series(1, " + rows + ") g");
    }

    static Stream<Case> large() {
        return Stream.of(
                one("text in the database's collation", "text", "md5(g::text) || 'é-' || g", 16_000),
                one("text in an ICU collation", "text COLLATE \"de-x-icu\"", "chr(192 + g % 60) || g", 16_000),
                one("uuid", "uuid", "md5(g::text)::uuid", 16_000),
                one("char", "char(8)", "g::text", 16_000),
                one("numeric with NaN", "numeric", "CASE g WHEN 7 THEN 'NaN' ELSE (g - 100)::numeric / 3 END", 16_000),
                one(
                        "timestamptz",
                        "timestamptz",
                        "timestamptz '2025-10-25 20:00Z' + g * interval '7.000001 s'",
                        16_000),
                new Case(
                        "two columns, few leading values",
                        "t",
                        List.of(),
                        "CREATE TABLE t (a int, b text, n int DEFAULT 0, PRIMARY KEY (a, b))",
                        "INSERT INTO t SELECT g % 3, md5(g::text) FROM generate_series(1, 16000) g"));
    }

    @ParameterizedTest
    @MethodSource("large")
    void eachRowIsChangedOnceBySeveralWorkers(Case key) {
        key.ddl.forEach(database::execute);
        database.execute("ANALYZE t");
        var outcome = new RunnerFolder(database)
                .pace(new Settings.Pace(1000, 500, 500, 500, null, 3, Settings.Order.Measured))
                .backfill("t", "UPDATE t SET n = n + 1 WHERE :batch")
                .run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                .containsExactly("1: 16000");
        assertThat(database.value("SELECT count(*) > 1 AND bool_and(walked > 0) FROM cairn.range"))
                .isEqualTo("t");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void eachRowIsChangedOnce(Case key) {
        // given 200 rows under such a key, in a database with habits of its own
        database.execute(
                "ALTER DATABASE " + database.name() + " SET timezone = 'Europe/Amsterdam'",
                "ALTER DATABASE " + database.name() + " SET intervalstyle = 'sql_standard'",
                "ALTER DATABASE " + database.name() + " SET extra_float_digits = -3");
        key.ddl.forEach(database::execute);

        // when they are walked in batches of seven
        var outcome = new RunnerFolder(database)
                .pace(new Settings.Pace(1000, 7, 7, 7, null))
                .backfill(
                        new Work.Over(key.table, key.key, "m"),
                        "UPDATE " + key.table + " AS m SET n = n + 1 WHERE :batch",
                        null)
                .run();

        // then each is changed once
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT DISTINCT n FROM " + key.table)).containsExactly("1");
        var rows = Long.parseLong(database.value("SELECT count(*) FROM " + key.table));
        assertThat(outcome.progress().rows()).isEqualTo(rows);
    }
}
