package dev.cairn.runner.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Reason;
import dev.cairn.runner.TestDatabase;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each table is held by a transaction of an application, which ends when a step has waited for that table for most of the
 * time that it may wait in all. A step that waits for one after the other must give up at the second one at the latest,
 * and with it the tables that it has. What is compared are the server's own facts: which transaction waited for what.
 */
class LockQueueTest {
    private static final long TIMEOUT_MILLIS = 400;
    private static final long RELEASED_AFTER_MILLIS = 240;

    private final Map<String, Connection> holders = new LinkedHashMap<>();

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final Migrations migrations = new Migrations(database);

    @BeforeEach
    void setTimeouts() {
        migrations.locks(TIMEOUT_MILLIS, 60_000);
    }

    @AfterEach
    void closeTheHolders() throws Exception {
        for (var holder : holders.values()) holder.close();
    }

    @Test
    void aStepThatWaitsForTablesInTurnGivesThemBackWithinTheTimeout() throws Exception {
        database.execute("CREATE TABLE a (i int)", "CREATE TABLE b (i int)", "CREATE TABLE c (i int)");
        for (var table : List.of("a", "b", "c")) hold(table);
        try (var reader = new TickingReader(database, "a")) {
            var started = migrations.start(
                    "m",
                    "ALTER TABLE a ADD COLUMN n int; ALTER TABLE b ADD COLUMN n int; ALTER TABLE c ADD COLUMN n int");

            assertThat(releaseAndWatch(started.result()::isDone).values())
                    .allSatisfy(tables -> assertThat(tables).hasSizeLessThanOrEqualTo(2))
                    .hasSizeGreaterThan(1);
            assertThat(started.result().get().reason()).isEqualTo(Reason.Applied);
            reader.print("three ALTER TABLE in a step");
        }
    }

    @Test
    void aStatementThatLocksManyPartitionsGivesThemBackWithinTheTimeout() throws Exception {
        partitions();
        for (var partition : List.of("p1", "p2", "p3")) hold(partition);
        try (var reader = new TickingReader(database, "p1")) {
            var started = migrations.start("m", "ALTER TABLE p ADD COLUMN n int");

            assertThat(releaseAndWatch(started.result()::isDone).values())
                    .allSatisfy(tables -> assertThat(tables).hasSizeLessThanOrEqualTo(2))
                    .hasSizeGreaterThan(1);
            assertThat(started.result().get().reason()).isEqualTo(Reason.Applied);
            reader.print("ALTER TABLE of three partitions");
        }
    }

    /** Writers alone queue behind these locks; readers go on. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE INDEX ON a (i); CREATE INDEX ON b (i); CREATE INDEX ON c (i)",
                "ALTER TABLE a ADD FOREIGN KEY (i) REFERENCES k; ALTER TABLE b ADD FOREIGN KEY (i) REFERENCES k;"
                        + " ALTER TABLE c ADD FOREIGN KEY (i) REFERENCES k",
                "CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();"
                        + " CREATE TRIGGER t BEFORE UPDATE ON b FOR EACH ROW EXECUTE FUNCTION"
                        + " suppress_redundant_updates_trigger();"
                        + " CREATE TRIGGER t BEFORE UPDATE ON c FOR EACH ROW EXECUTE FUNCTION"
                        + " suppress_redundant_updates_trigger()"
            })
    void aStepThatKeepsOnlyWritersWaitingGivesTheTablesBackWithinTheTimeout(String sql) throws Exception {
        database.execute("CREATE TABLE k (i int PRIMARY KEY)", "INSERT INTO k VALUES (1)");
        for (var table : List.of("a", "b", "c")) {
            database.execute("CREATE TABLE " + table + " (i int)");
            hold(table).createStatement().execute("INSERT INTO " + table + " VALUES (1)");
        }
        var started = migrations.start("m", sql);

        assertThat(releaseAndWatch(started.result()::isDone).values())
                .allSatisfy(tables -> assertThat(tables).hasSizeLessThanOrEqualTo(2))
                .hasSizeGreaterThan(1);
        assertThat(started.result().get().reason()).isEqualTo(Reason.Applied);
    }

    @Test
    void aDetachGivesUpItsSecondPhaseAndFinishesItLater() throws Exception {
        // given a transaction that works on the partition alone, which the first phase does not wait for
        partitions();
        hold("p1");
        var started = migrations.start("m", "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY");

        // then the step gives up while that transaction goes on, more than once, and says whom it waits for
        var tries = new LinkedHashSet<String>();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            waits().forEach(wait -> tries.add(wait.transaction()));
            return tries.size() >= 3;
        });
        await().untilAsserted(() -> assertThat(started.progress().progress().cause())
                .contains("step 1 waits for a lock on p1 held by pid")
                .contains("(web, in transaction for"));
        assertThat(database.query("SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = 'p1'::regclass"))
                .containsExactly("t");

        // and a reader that came in between went through
        holders.get("p1").commit();
        assertThat(started.result().get().reason()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT FROM pg_inherits WHERE inhrelid = 'p1'::regclass"))
                .isEmpty();
    }

    @Test
    void aStepThatWorksForLongWithItsLockIsLeftToWork() throws Exception {
        database.execute("CREATE TABLE a (i int)", "CREATE TABLE b (i int)");
        migrations.locks(100, 0);

        var result = migrations.schema(
                "m", "ALTER TABLE a ADD COLUMN n int; SELECT pg_sleep(0.5); ALTER TABLE b ADD COLUMN n int");

        assertThat(result.reason()).isEqualTo(Reason.Applied);
    }

    @Test
    void aTableThatIsNewIsInNobodysWay() throws Exception {
        database.execute("CREATE TABLE a (i int)", "INSERT INTO a VALUES (1)");
        var application = hold("a");
        application.createStatement().execute("SELECT FROM a FOR UPDATE");
        migrations.locks(2_000, 0);

        // a step that waits for a row, with locks on nothing but what it made itself
        var started = migrations.start("m", "CREATE TABLE made (i int); UPDATE a SET i = 2");
        await().until(() -> !waits().isEmpty());
        application.commit();

        assertThat(started.result().get().reason()).isEqualTo(Reason.Applied);
    }

    private void partitions() {
        database.execute("CREATE TABLE p (i int) PARTITION BY LIST (i)");
        for (int i = 1; i <= 3; i++)
            database.execute("CREATE TABLE p" + i + " PARTITION OF p FOR VALUES IN (" + i + ")");
    }

    /** An application's transaction that has read the table and goes on. */
    private Connection hold(String table) throws Exception {
        var holder = database.connect();
        holders.put(table, holder);
        try (var statement = holder.createStatement()) {
            statement.execute("SET application_name = 'web'");
            holder.setAutoCommit(false);
            statement.execute("SELECT FROM " + table);
        }
        return holder;
    }

    /** For each transaction that waited, the tables that it waited for. */
    private Map<String, Set<String>> releaseAndWatch(java.util.concurrent.Callable<Boolean> done) {
        var seen = new LinkedHashMap<String, Set<String>>();
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    for (var wait : waits()) {
                        if (holders.containsKey(wait.table()))
                            seen.computeIfAbsent(wait.transaction(), t -> new LinkedHashSet<>())
                                    .add(wait.table());
                        if (wait.millis() >= RELEASED_AFTER_MILLIS && holders.containsKey(wait.table()))
                            holders.get(wait.table()).commit();
                    }
                    return done.call();
                });
        return seen;
    }

    private record Wait(String transaction, String table, long millis) {}

    /** Sessions of migrations that wait for a table. */
    private List<Wait> waits() throws Exception {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                    SELECT l.pid || ' ' || l.virtualtransaction, coalesce(l.relation::regclass::text, ''),
                           coalesce(extract(epoch FROM clock_timestamp() - l.waitstart) * 1000, 0)::bigint
                      FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                     WHERE NOT l.granted AND a.application_name LIKE 'cairn %' AND a.datname = current_database()
                    """)) {
            var found = new ArrayList<Wait>();
            while (rows.next()) found.add(new Wait(rows.getString(1), rows.getString(2), rows.getLong(3)));
            return found;
        }
    }
}
