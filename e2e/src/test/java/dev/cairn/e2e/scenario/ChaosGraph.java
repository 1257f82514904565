package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import dev.cairn.e2e.database.DatabaseService;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.postgresql.util.PSQLState;

/**
 * Thirty migrations on three targets, each with a database of its own. A table {@code ran} has a line for each step, and
 * columns count how often each row was changed.
 */
final class ChaosGraph {
    private static final List<String> TARGETS = List.of("a", "b", "c");

    /** What a line in {@code ran} counts for, beside rows: schema steps are progress as well. */
    private static final int STEP = 200;

    private static final int STEPS = 8;

    private final Scenario scenario;
    private final int rows;

    private ChaosGraph(Scenario scenario, int rows) {
        this.scenario = scenario;
        this.rows = rows;
    }

    /**
     * Makes the three databases.
     *
     * @param rows of each table
     */
    static ChaosGraph create(Scenario scenario, int rows) throws SQLException {
        for (var target : TARGETS) {
            var database = database(scenario, target);
            scenario.server().create(database);
            DatabaseService.of(
                            scenario.server(),
                            scenario.namespace(),
                            "db-" + target,
                            database,
                            scenario.cluster().hostAddress())
                    .forEach(object -> scenario.client().resource(object).create());
        }
        return new ChaosGraph(scenario, rows);
    }

    /** All thirty, in one go. */
    void apply() {
        TARGETS.forEach(target -> scenario.apply(
                TEMPLATE.replace("${t}", target).replace("${rows}", String.valueOf(rows)) + across(target)));
    }

    /** Such as {@code DataMigration/touch-a}. */
    List<String> references() {
        return TARGETS.stream().flatMap(ChaosGraph::referencesOn).toList();
    }

    /** Rows that are changed and steps that are done, over all databases; the last figure while the server is away. */
    long progress() {
        return TARGETS.stream().mapToLong(this::progress).sum();
    }

    /** What {@link #progress()} is in the end. */
    long wholeProgress() {
        return TARGETS.size() * (4L * rows + (long) STEPS * STEP);
    }

    /** Every step ran once, every row was changed once, in the order of the graph, and nothing is left half done. */
    void requireRight() throws SQLException {
        for (var target : TARGETS) {
            assertThat(value(
                            target,
                            "SELECT string_agg(step || ' ' || n, ', ') FROM "
                                    + "(SELECT step, count(*) AS n FROM ran GROUP BY step HAVING count(*) <> 1) wrong"))
                    .as("steps of " + target + " that did not run once")
                    .isNull();
            assertThat(value(target, "SELECT count(*) FROM ran")).isEqualTo(String.valueOf(STEPS));
            assertThat(value(target, "SELECT count(*) FROM counters WHERE (touched, striped, listed) <> (1, 1, 1)"))
                    .as("rows of " + target + " that were not changed once")
                    .isEqualTo("0");
            assertThat(value(target, "SELECT count(*) FROM messages WHERE writes <> 1 OR words IS NULL"))
                    .as("messages of " + target + " that were not written once")
                    .isEqualTo("0");
            assertThat(value(
                            target,
                            "SELECT string_agg(indexrelid::regclass::text, ', ') FROM pg_index WHERE NOT indisvalid"))
                    .as("invalid indexes of " + target)
                    .isNull();
            assertThat(value(target, "SELECT count(*) FROM cairn.migration WHERE state = 'applied'"))
                    .as("applied by the ledger of " + target)
                    .isEqualTo("10");
            requireOrder(target);
        }
    }

    private void requireOrder(String target) throws SQLException {
        for (var edge : List.of(
                List.of("create", "columns"),
                List.of("columns", "touch"),
                List.of("columns", "stripe"),
                List.of("columns", "list"),
                List.of("touch", "once"),
                List.of("stripe", "index"),
                List.of("once", "check"),
                List.of("words", "check"),
                List.of("check", "across")))
            assertThat(value(target, """
                            SELECT later.started >= earlier.finished FROM cairn.migration earlier, cairn.migration later
                             WHERE earlier.name = '%s-%s' AND later.name = '%s-%s'
                            """.formatted(edge.get(0), target, edge.get(1), target)))
                    .as(edge + " on " + target)
                    .isEqualTo("t");
    }

    void awaitApplied() {
        references().forEach(reference -> scenario.await(reference, Phase.Applied));
    }

    private static Stream<String> referencesOn(String target) {
        return Stream.of(
                        "SchemaMigration/create",
                        "SchemaMigration/columns",
                        "DataMigration/touch",
                        "DataMigration/stripe",
                        "DataMigration/list",
                        "DataMigration/once",
                        "DataMigration/words",
                        "SchemaMigration/index",
                        "SchemaMigration/check",
                        "SchemaMigration/across")
                .map(name -> name + "-" + target);
    }

    private long progress(String target) {
        var counts = new ArrayList<Long>();
        try (var connection = scenario.server().connect(database(scenario, target), database(scenario, target));
                var statement = connection.createStatement();
                var found = statement.executeQuery("""
                        SELECT %d * (SELECT count(*) FROM ran),
                               (SELECT sum(touched + striped + listed) FROM counters),
                               (SELECT sum(writes) FROM messages)
                        """.formatted(STEP))) {
            found.next();
            for (int column = 1; column <= 3; column++) counts.add(found.getLong(column));
        } catch (SQLException e) {
            // 42703, 42P01: before the first steps there is nothing to count.
            if (!List.of("42703", PSQLState.UNDEFINED_TABLE.getState()).contains(e.getSQLState()))
                throw new IllegalStateException("no progress of " + target, e);
        }
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    private String value(String target, String query) throws SQLException {
        try (var connection = scenario.server().connect(database(scenario, target), database(scenario, target));
                var statement = connection.createStatement();
                var found = statement.executeQuery(query)) {
            assertThat(found.next()).as(query).isTrue();
            return found.getString(1);
        }
    }

    private static String database(Scenario scenario, String target) {
        return scenario.namespace().replace('-', '_') + "_" + target;
    }

    /** Waits for the last migration of the target before: one graph over all three. */
    private static String across(String target) {
        int before = TARGETS.indexOf(target) - 1;
        return before < 0 ? "" : "  - {kind: SchemaMigration, name: across-" + TARGETS.get(before) + "}\n";
    }

    private static final String TEMPLATE = """
            apiVersion: cairn.dev/v1alpha1
            kind: MigrationTarget
            metadata: {name: ${t}}
            spec:
              scope: chaos-${t}
              connection: {secretRef: {name: db-${t}-app}}
              containers: {allowedImages: ["ghcr.io/cairn-dev/example-*"]}
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: SchemaMigration
            metadata: {name: create-${t}}
            spec:
              targetRef: {name: ${t}}
              steps:
              - sql: |
                  CREATE TABLE ran (step text);
                  CREATE TABLE counters (id bigint PRIMARY KEY, touched int NOT NULL DEFAULT 0);
                  INSERT INTO counters SELECT g * 3 FROM generate_series(1, ${rows}) AS g;
                  INSERT INTO ran VALUES ('create 1')
              - sql: |
                  CREATE TABLE messages (id bigint PRIMARY KEY, body text, words int, writes int NOT NULL DEFAULT 0);
                  INSERT INTO messages SELECT g, 'one two three' FROM generate_series(1, ${rows}) AS g;
                  CREATE FUNCTION count_write() RETURNS trigger LANGUAGE plpgsql AS $$
                  BEGIN
                      NEW.writes := OLD.writes + 1;
                      PERFORM pg_sleep(0.0005);
                      RETURN NEW;
                  END $$;
                  CREATE TRIGGER count_write BEFORE UPDATE ON messages FOR EACH ROW EXECUTE FUNCTION count_write();
                  INSERT INTO ran VALUES ('create 2')
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: SchemaMigration
            metadata: {name: columns-${t}}
            spec:
              targetRef: {name: ${t}}
              dependsOn:
              - {kind: SchemaMigration, name: create-${t}}
              steps:
              - sql: |
                  ALTER TABLE counters ADD COLUMN striped int NOT NULL DEFAULT 0, ADD COLUMN listed int NOT NULL DEFAULT 0;
                  INSERT INTO ran VALUES ('columns 1')
              - sql: CREATE INDEX CONCURRENTLY counters_id ON counters (id) INCLUDE (touched) WHERE id % 7 = 0
              - sql: INSERT INTO ran VALUES ('columns 3')
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: DataMigration
            metadata: {name: touch-${t}}
            spec:
              targetRef: {name: ${t}}
              dependsOn:
              - {kind: SchemaMigration, name: columns-${t}}
              over: {table: counters, as: c}
              sql: UPDATE counters c SET touched = touched + 1 WHERE :batch
              verify: SELECT NOT EXISTS (SELECT FROM counters WHERE touched <> 1)
              pace: {order: Plain, parallelism: 2, maxRowsPerSecond: 2000, batchSize: {initial: 200, max: 500}}
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: DataMigration
            metadata: {name: stripe-${t}}
            spec:
              targetRef: {name: ${t}}
              dependsOn:
              - {kind: SchemaMigration, name: columns-${t}}
              over: {table: counters, as: c}
              sql: UPDATE counters c SET striped = striped + 1 WHERE :batch
              pace: {order: Striped, parallelism: 3, maxRowsPerSecond: 2000, batchSize: {initial: 200, max: 500}}
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: DataMigration
            metadata: {name: list-${t}}
            spec:
              targetRef: {name: ${t}}
              dependsOn:
              - {kind: SchemaMigration, name: columns-${t}}
              over: {table: counters, as: c, query: SELECT id FROM counters WHERE listed = 0}
              sql: UPDATE counters c SET listed = listed + 1 WHERE :batch
              pace: {maxRowsPerSecond: 2000, batchSize: {initial: 200, max: 500}}
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: DataMigration
            metadata: {name: once-${t}}
            spec:
              targetRef: {name: ${t}}
              dependsOn:
              - {kind: DataMigration, name: touch-${t}}
              sql: INSERT INTO ran VALUES ('once')
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: DataMigration
            metadata: {name: words-${t}}
            spec:
              targetRef: {name: ${t}}
              dependsOn:
              - {kind: SchemaMigration, name: create-${t}}
              container:
                image: ghcr.io/cairn-dev/example-fill-words:0.1.0
                command: [/fill-words]
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: SchemaMigration
            metadata: {name: index-${t}}
            spec:
              targetRef: {name: ${t}}
              dependsOn:
              - {kind: DataMigration, name: stripe-${t}}
              steps:
              - sql: INSERT INTO ran VALUES ('index')
              - sql: CREATE UNIQUE INDEX CONCURRENTLY counters_striped ON counters (striped, id)
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: SchemaMigration
            metadata: {name: check-${t}}
            spec:
              targetRef: {name: ${t}}
              dependsOn:
              - {kind: DataMigration, name: once-${t}}
              - {kind: DataMigration, name: list-${t}}
              - {kind: DataMigration, name: words-${t}}
              - {kind: SchemaMigration, name: index-${t}}
              steps:
              - sql: |
                  ALTER TABLE counters ADD CHECK (touched = 1 AND striped = 1 AND listed = 1);
                  ALTER TABLE messages ALTER COLUMN words SET NOT NULL;
                  INSERT INTO ran VALUES ('check')
            ---
            apiVersion: cairn.dev/v1alpha1
            kind: SchemaMigration
            metadata: {name: across-${t}}
            spec:
              targetRef: {name: ${t}}
              steps:
              - sql: INSERT INTO ran VALUES ('across')
              dependsOn:
              - {kind: SchemaMigration, name: check-${t}}
            """;
}
