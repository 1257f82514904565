package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** Any key will do: every row of every table is changed exactly once, whatever it is walked along. */
@OnCluster
class KeysTest {
    private static final int ROWS = 2_000;

    /**
     * A table and its walk.
     *
     * @param migration its name
     * @param table as SQL writes it
     * @param create statements that make it and fill it
     * @param over the field of the DataMigration, empty to run the statement once
     * @param rows that it has
     */
    private record Walk(String migration, String table, String create, String over, int rows) {
        static Walk along(String migration, String table, String columns, String values) {
            return along(migration, table, columns, values, "{table: '%s'}".formatted(table));
        }

        static Walk along(String migration, String table, String columns, String values, String over) {
            var create = "CREATE TABLE %s (%s, touched int NOT NULL DEFAULT 0);%n".formatted(table, columns)
                    + "INSERT INTO %s SELECT %s FROM generate_series(1, %d) AS g ORDER BY md5(g::text);%n"
                            .formatted(table, values, ROWS);
            return new Walk(migration, table, create, over, ROWS);
        }

        /** A target of its own, so that all run beside each other. */
        String manifests() {
            var walked = !over.isEmpty();
            return Written.target(migration, migration, "chat-db-app")
                    + """
                    ---
                    apiVersion: cairn.dev/v1alpha1
                    kind: DataMigration
                    metadata: {name: %s}
                    spec:
                      targetRef: {name: %s}
                      sql: UPDATE %s SET touched = touched + 1%s
                      verify: SELECT NOT EXISTS (SELECT FROM %s WHERE touched <> 1)
                    """.formatted(migration, migration, table, walked ? " WHERE :batch" : "", table)
                    + (walked ? "  over: %s\n  pace: {batchSize: {initial: 70, max: 300}}\n".formatted(over) : "");
        }
    }

    private static final List<Walk> WALKS = List.of(
            Walk.along(
                    "composite",
                    "rooms",
                    "tenant int, name text, seat smallint, PRIMARY KEY (tenant, name, seat)",
                    "g % 7, 'room ' || g % 50, g"),
            Walk.along("uuid", "devices", "id uuid PRIMARY KEY", "gen_random_uuid()"),
            Walk.along(
                    "text-of-a-language",
                    "words",
                    "word text COLLATE \"sv-x-icu\" PRIMARY KEY",
                    "(ARRAY['å','ä','ö','Z','z','a','-b','É'])[g % 8 + 1] || ' ' || md5(g::text)"),
            Walk.along(
                    "timestamptz",
                    "events",
                    "at timestamptz PRIMARY KEY",
                    "timestamptz '1969-12-31 23:59:59.999+00' + (g - 1000) * interval '7 hours 1.000001 seconds'"),
            Walk.along("negative-bigint", "balances", "id bigint PRIMARY KEY", "(g - 1000) * 4611686018427387"),
            Walk.along(
                    "numeric",
                    "prices",
                    "price numeric PRIMARY KEY",
                    "CASE WHEN g = 1 THEN 'NaN' ELSE ((g - 1000) * 0.000000001) END::numeric"),
            Walk.along("mixed-case", "\"Order\"", "\"Id\" int PRIMARY KEY, \"sel ect\" int", "g, g"),
            Walk.along("qualified", "shop.\"Line Items\"", "id int PRIMARY KEY", "g"),
            Walk.along(
                    "unique-index",
                    "pages",
                    "site int NOT NULL, slug text NOT NULL, nick text UNIQUE, UNIQUE (site, slug)",
                    "g % 3, 'page-' || g, NULL",
                    "{table: pages, key: [slug, site]}"),
            new Walk(
                    "empty",
                    "nothing",
                    "CREATE TABLE nothing (id int PRIMARY KEY, touched int NOT NULL DEFAULT 0);",
                    "{table: nothing}",
                    0),
            new Walk("partitioned", "measures", """
                            CREATE TABLE measures (day date, id int, touched int NOT NULL DEFAULT 0, PRIMARY KEY (day, id))
                              PARTITION BY RANGE (day);
                            CREATE TABLE measures_old PARTITION OF measures FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
                            CREATE TABLE measures_new PARTITION OF measures FOR VALUES FROM ('2024-01-01') TO (MAXVALUE);
                            INSERT INTO measures SELECT date '2023-12-01' + g % 60, g FROM generate_series(1, 2000) AS g;
                            """, "{table: measures}", ROWS),
            Walk.along("without-over", "settings", "id int PRIMARY KEY", "g", ""));

    @Test
    void everyRowIsTouchedExactlyOnceWhateverTheKey(Scenario scenario) throws Exception {
        // given a table of each kind, its rows in no order
        scenario.execute("CREATE SCHEMA shop");
        for (var walk : WALKS) scenario.execute(walk.create());

        // when all of them are walked at once in small batches
        for (var walk : WALKS) scenario.apply(walk.manifests());

        // then each ends with every row touched once
        var softly = new SoftAssertions();
        for (var walk : WALKS) {
            var migration = scenario.await("DataMigration/" + walk.migration(), Phase.Applied);
            softly.assertThat(scenario.value("SELECT count(*) FROM %s WHERE touched = 1".formatted(walk.table())))
                    .as(walk.migration() + ": rows touched once")
                    .isEqualTo(String.valueOf(walk.rows()));
            softly.assertThat(scenario.value("SELECT count(*) FROM " + walk.table()))
                    .isEqualTo(String.valueOf(walk.rows()));
            softly.assertThat(migration.status().display().progress())
                    .isEqualTo(walk.over().isEmpty() ? "1/1 steps" : "100%");
            softly.assertThat(migration.status().attempts())
                    .as(walk.migration())
                    .isEqualTo(1);
        }
        softly.assertAll();

        // and in more than one batch, each with its checkpoint
        assertThat(scenario.value("SELECT count(*) FROM cairn.range WHERE rows = %d AND batches >= 5".formatted(ROWS)))
                .isEqualTo(String.valueOf(WALKS.size() - 2));
    }
}
