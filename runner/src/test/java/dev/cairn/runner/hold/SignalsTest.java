package dev.cairn.runner.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.HoldCondition;
import dev.cairn.plan.HoldSignal;
import dev.cairn.runner.TestDatabase;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each signal on a real server. */
class SignalsTest {
    private static final HoldCondition OLD = new HoldCondition.Signal(HoldSignal.OLDEST_TRANSACTION, 0);
    private final TestDatabase database = TestDatabase.create();
    private final Looking looking = new Looking(database);

    @AfterEach
    void close() {
        looking.close();
        database.close();
    }

    @Test
    void deadTuplesOfAllPartitionsAreCountedTogether() {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, n int) PARTITION BY RANGE (id)",
                "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (100) WITH (autovacuum_enabled = off)",
                "CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (100) TO (200) WITH (autovacuum_enabled = off)",
                "INSERT INTO t SELECT g, 0 FROM generate_series(0, 199) g");
        assertThat(looking.at(new HoldCondition.Signal(HoldSignal.DEAD_TUPLES, 150)))
                .isEmpty();

        database.execute("UPDATE t SET n = 1");
        await().untilAsserted(() -> assertThat(looking.at(new HoldCondition.Signal(HoldSignal.DEAD_TUPLES, 150)))
                .containsExactly("deadTuples 200 > 150"));

        database.execute("VACUUM t");
        await().untilAsserted(() -> assertThat(looking.at(new HoldCondition.Signal(HoldSignal.DEAD_TUPLES, 150)))
                .isEmpty());
    }

    @Test
    void aTableThatIsNotThereHolds() {
        assertThat(looking.at(new HoldCondition.Signal(HoldSignal.DEAD_TUPLES, 5)))
                .containsExactly("deadTuples unknown (limit 5): there is no table t");
    }

    @Test
    void aTransactionThatKeepsDeadTuplesAliveHolds() throws SQLException {
        try (var reader = database.connect()) {
            // given a transaction that may still see what others delete
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            reader.setAutoCommit(false);
            reader.createStatement().execute("SELECT FROM pg_class LIMIT 1");
            assertThat(looking.at(new HoldCondition.Signal(HoldSignal.OLDEST_TRANSACTION, 600_000)))
                    .isEmpty();
            assertThat(looking.at(OLD)).singleElement().asString().matches("oldestTransaction [0-9.]+m?s > 0ms");
            reader.rollback();
        }
        await().untilAsserted(() -> assertThat(looking.at(OLD)).isEmpty());
    }

    @Test
    void sessionsThatWaitForALockHold() throws Exception {
        database.execute("CREATE TABLE t (n int)");
        var blocked = new HoldCondition.Signal(HoldSignal.BLOCKED_SESSIONS, 0);
        try (var first = database.connect();
                var second = database.connect()) {
            first.setAutoCommit(false);
            first.createStatement().execute("LOCK TABLE t");
            assertThat(looking.at(blocked)).isEmpty();
            var waits = CompletableFuture.runAsync(() -> execute(second, "SELECT * FROM t"));
            await().untilAsserted(() -> assertThat(looking.at(blocked)).containsExactly("blockedSessions 1 > 0"));
            first.commit();
            waits.join();
            assertThat(looking.at(blocked)).isEmpty();
        }
    }

    @Test
    void fewerReplicasThanDeclaredHold() {
        assertThat(looking.at(HoldCondition.Signal.replicationLag(5_000, 2)))
                .containsExactly("replicationLag unknown (limit 5s): 0 of 2 replicas connected");
        assertThat(looking.at(HoldCondition.Signal.replicationLag(5_000, 0))).isEmpty();
    }

    @Test
    void aRoleThatDoesNotSeeOthersHoldsAndSaysWhatItNeeds() {
        var role = "plain_" + database.name();
        database.execute("CREATE ROLE " + role + " LOGIN");
        try (var plain = new Looking(database).as(role)) {
            var holds = new HoldCondition[] {
                HoldCondition.Signal.replicationLag(5_000, 0),
                OLD,
                new HoldCondition.Signal(HoldSignal.WAL_TO_ARCHIVE, 5)
            };
            assertThat(plain.at(holds))
                    .satisfiesExactly(
                            lag -> assertThat(lag)
                                    .isEqualTo("replicationLag unknown (limit 5s): the role " + role
                                            + " does not see other sessions: GRANT pg_monitor TO " + role),
                            old -> assertThat(old).contains("GRANT pg_monitor TO " + role),
                            wal -> assertThat(wal)
                                    .isEqualTo(
                                            "walToArchive unknown (limit 5): permission denied for function"
                                                    + " pg_ls_archive_statusdir: GRANT pg_monitor to the role of the target's Secret"));

            database.execute("GRANT pg_monitor TO " + role);
            assertThat(plain.at(holds[0], new HoldCondition.Signal(HoldSignal.OLDEST_TRANSACTION, 600_000), holds[2]))
                    .isEmpty();
        } finally {
            database.execute("DROP ROLE " + role);
        }
    }

    @Test
    void aSecretThatIsNotMountedOrHasNoKeysHolds() throws Exception {
        var lag = HoldCondition.Signal.replicaLag(5_000, "chat-db-replica");
        assertThat(looking.at(lag))
                .singleElement()
                .asString()
                .startsWith("replicationLag of chat-db-replica unknown (limit 5s): Secret \"chat-db-replica\" was not")
                .contains("delete the Job");
        Files.createDirectories(looking.root.resolve("replicas/chat-db-replica"));
        assertThat(looking.at(lag)).singleElement().asString().contains("does not exist or is empty");
    }

    @Test
    void aServerThatIsNoReplicaHolds() {
        database.writeSecret(looking.root.resolve("replicas/chat-db-replica"));
        assertThat(looking.at(HoldCondition.Signal.replicaLag(5_000, "chat-db-replica")))
                .singleElement()
                .asString()
                .endsWith("the server of Secret \"chat-db-replica\" is no replica");
    }

    @Test
    void aLostConnectionHoldsUntilTheNextOneIsThere() {
        var any = new HoldCondition.Signal(HoldSignal.BLOCKED_SESSIONS, 1000);
        assertThat(looking.at(any)).isEmpty();
        database.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                + " WHERE application_name = 'cairn test' AND datname = current_database()");
        assertThat(looking.at(any))
                .singleElement()
                .asString()
                .startsWith("blockedSessions unknown (limit 1000): no connection to ask: ");
        await().untilAsserted(() -> assertThat(looking.at(any)).isEmpty());
    }

    private static void execute(Connection connection, String sql) {
        try {
            connection.createStatement().execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
