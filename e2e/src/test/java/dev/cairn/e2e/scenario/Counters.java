package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;

/**
 * A table whose rows count how often they were changed, and the migration that is to change each of them once. Every
 * batch leaves a line in the table {@code batches}, in its own transaction.
 */
final class Counters {
    static final String REFERENCE = "DataMigration/touch";

    /** So few rows a second that nobody sees the end: for what happens in the middle. */
    static final String SLOWLY = "{order: Plain, maxRowsPerSecond: 500, batchSize: {initial: 100, min: 100, max: 200}}";

    /** As fast as it goes. */
    static final String FAST = "{order: Plain, batchSize: {initial: 5000}}";

    static final String TARGET = target(false);

    private final Scenario scenario;
    private final long rows;

    private Counters(Scenario scenario, long rows) {
        this.scenario = scenario;
        this.rows = rows;
    }

    /** Makes the tables; the ids have gaps. */
    static Counters create(Scenario scenario, long rows) throws SQLException {
        scenario.execute("""
                CREATE TABLE counters (id bigint PRIMARY KEY, touched int NOT NULL DEFAULT 0) WITH (fillfactor = 50);
                INSERT INTO counters SELECT g * 3 FROM generate_series(1, %d) AS g;
                CREATE TABLE batches (xid xid8 DEFAULT pg_current_xact_id(), lowest bigint, highest bigint, rows bigint);
                CREATE FUNCTION record_batch() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    INSERT INTO batches (lowest, highest, rows)
                    SELECT min(id), max(id), count(*) FROM changed HAVING count(*) > 0;
                    RETURN NULL;
                END $$;
                CREATE TRIGGER record_batch AFTER UPDATE ON counters
                    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_batch();
                """.formatted(rows));
        scenario.execute("VACUUM ANALYZE counters");
        return new Counters(scenario, rows);
    }

    /**
     * From now on a batch fails that reaches back before the checkpoint, whether it would commit or not. What fails like
     * that fails for good.
     */
    Counters refusingStepsBack() throws SQLException {
        scenario.execute("""
                CREATE FUNCTION refuse_step_back() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF EXISTS (SELECT FROM cairn.range, (SELECT min(id) AS lowest FROM changed) AS batch
                                WHERE lowest > coalesce(from_key[1]::bigint, 0) AND lowest <= to_key[1]::bigint
                                  AND lowest <= cursor[1]::bigint) THEN
                        RAISE 'a batch reaches back before the checkpoint';
                    END IF;
                    RETURN NULL;
                END $$;
                CREATE TRIGGER refuse_step_back AFTER UPDATE ON counters
                    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_step_back();
                """);
        return this;
    }

    static String target(boolean suspended) {
        return """
                apiVersion: cairn.dev/v1alpha1
                kind: MigrationTarget
                metadata: {name: chat}
                spec: {scope: chat, connection: {secretRef: {name: chat-db-app}}, suspend: %s}
                """.formatted(suspended);
    }

    static String migration(String pace) {
        return migration(pace, false);
    }

    static String migration(String pace, boolean suspended) {
        return """
                apiVersion: cairn.dev/v1alpha1
                kind: DataMigration
                metadata: {name: touch}
                spec:
                  targetRef: {name: chat}
                  over: {table: counters, as: c}
                  sql: UPDATE counters c SET touched = touched + 1 WHERE :batch
                  pace: %s
                  suspend: %s
                """.formatted(pace, suspended);
    }

    /** Applies the migration slowly, and waits until it is in the middle. */
    void begin() {
        scenario.apply(TARGET);
        scenario.apply(migration(SLOWLY));
        goesOn();
    }

    /** Waits until two more batches are committed. */
    void goesOn() {
        long before = batches();
        scenario.eventually("more batches than " + before, () -> batches() > before + 1);
    }

    /** How many batches are committed. */
    long batches() {
        return number("SELECT count(DISTINCT xid) FROM batches");
    }

    /** How many rows are changed by committed batches. */
    long changed() {
        return number("SELECT coalesce(sum(rows), 0) FROM batches");
    }

    /** How often a start was counted; 0 before the first. */
    long attempts() {
        boolean ledger = number("SELECT count(to_regclass('cairn.migration'))") == 1;
        return ledger ? number("SELECT coalesce(max(attempts), 0) FROM cairn.migration") : 0;
    }

    /** The last key of the first range that the ledger has as done. */
    long checkpoint() {
        return number("SELECT cursor[1] FROM cairn.range WHERE ordinal = 0");
    }

    /** The rows up to the checkpoint, and no others, are changed. */
    void requireRowsAsTheCheckpointSays() {
        long wrong = number("""
                SELECT count(*) FROM counters JOIN cairn.range
                    ON id > coalesce(from_key[1]::bigint, 0) AND id <= to_key[1]::bigint
                 WHERE touched <> CASE WHEN id <= cursor[1]::bigint THEN 1 ELSE 0 END
                """);
        assertThat(wrong).as("rows that are not as the checkpoint says").isZero();
    }

    /** Every row was changed once, by batches of which no two have a row in common, each counted by the ledger. */
    void requireExactlyOnce() {
        assertThat(number("SELECT count(*) FROM counters WHERE touched = 1"))
                .as("rows that were changed once")
                .isEqualTo(rows);
        assertThat(number("SELECT count(*) FROM counters WHERE touched <> 1"))
                .as("rows that were changed otherwise")
                .isZero();
        assertThat(changed()).as("rows of all batches").isEqualTo(rows);
        assertThat(number("""
                SELECT count(*) FROM (
                    SELECT min(lowest) AS lowest, lag(max(highest)) OVER (ORDER BY min(lowest)) AS highest_before
                      FROM batches GROUP BY xid) AS in_order
                 WHERE lowest <= highest_before
                """)).as("batches that reach back into another one").isZero();
        assertThat(batches()).as("batches").isEqualTo(number("SELECT sum(batches) FROM cairn.range"));
    }

    private long number(String query) {
        try {
            return Long.parseLong(String.valueOf(scenario.value(query)));
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }
}
