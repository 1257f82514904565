package dev.cairn.runner.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.HoldCondition;
import dev.cairn.plan.HoldSignal;
import dev.cairn.runner.Standby;
import dev.cairn.runner.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lag of a real streaming replica, from both sides. */
class StandbyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HoldCondition PRIMARYS_VIEW = HoldCondition.Signal.replicationLag(1_500, 1);
    private static final HoldCondition OWN_VIEW = HoldCondition.Signal.replicaLag(1_500, "copy");
    private static Standby servers;

    private TestDatabase database;
    private TestDatabase replica;
    private Looking looking;

    @BeforeAll
    static void start() throws Exception {
        servers = Standby.start();
    }

    @AfterAll
    static void stop() throws Exception {
        servers.close();
    }

    @BeforeEach
    void look() {
        database = TestDatabase.createOn(servers.primaryPort());
        database.execute("CREATE TABLE t (n int)");
        replica = servers.replica(database);
        looking = new Looking(database);
        replica.writeSecret(looking.root.resolve("replicas/copy"));
        awaitCalm();
    }

    @AfterEach
    void close() {
        looking.close();
        database.close();
    }

    @Test
    void aPausedReplicaHoldsFromBothSidesUntilItHasCaughtUp() {
        // given a replica that stops to apply
        replica.execute("SELECT pg_wal_replay_pause()");
        await().until(() ->
                replica.value("SELECT pg_get_wal_replay_pause_state()").equals("paused"));

        // then the lag grows while the primary writes
        await().atMost(PATIENCE).untilAsserted(() -> {
            database.execute("INSERT INTO t VALUES (1)");
            assertThat(looking.at(PRIMARYS_VIEW, OWN_VIEW))
                    .satisfiesExactly(
                            first -> assertThat(first).matches("replicationLag [0-9.]+m?s > 1.5s"),
                            second -> assertThat(second).matches("replicationLag of copy [0-9.]+m?s > 1.5s"));
        });

        // and one who looks for the first time sees it too, by what the servers say
        await().atMost(PATIENCE).untilAsserted(() -> {
            database.execute("INSERT INTO t VALUES (1)");
            try (var late = new Looking(database)) {
                replica.writeSecret(late.root.resolve("replicas/copy"));
                assertThat(late.at(PRIMARYS_VIEW, OWN_VIEW)).hasSize(2);
            }
        });

        // until it goes on
        replica.execute("SELECT pg_wal_replay_resume()");
        awaitCalm();
    }

    @Test
    void anIdlePrimaryIsNotLag() {
        assertThat(replica.value("SELECT pg_is_in_recovery()")).isEqualTo("t");
        // what the server itself still writes has to arrive first
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(looking.at(
                                HoldCondition.Signal.replicationLag(0, 1), HoldCondition.Signal.replicaLag(0, "copy")))
                        .isEmpty());
    }

    @Test
    void segmentsThatWaitForTheArchiverHold() {
        assertThat(looking.at(new HoldCondition.Signal(HoldSignal.WAL_TO_ARCHIVE, 100_000)))
                .isEmpty();
        database.execute("INSERT INTO t VALUES (1)", "SELECT pg_switch_wal()");
        await().untilAsserted(() -> assertThat(looking.at(new HoldCondition.Signal(HoldSignal.WAL_TO_ARCHIVE, 0)))
                .singleElement()
                .asString()
                .matches("walToArchive [0-9]+ > 0"));
    }

    @Test
    void aTransactionThatWasPreparedAndForgottenHolds() {
        var minute = new HoldCondition.Signal(HoldSignal.OLDEST_TRANSACTION, 60_000);
        database.execute("BEGIN", "INSERT INTO t VALUES (1)", "PREPARE TRANSACTION 'forgotten'");
        assertThat(looking.at(minute)).isEmpty();
        assertThat(looking.at(new HoldCondition.Signal(HoldSignal.OLDEST_TRANSACTION, 0)))
                .singleElement()
                .asString()
                .matches("oldestTransaction [0-9.]+m?s > 0ms");
        database.execute("ROLLBACK PREPARED 'forgotten'");
    }

    private void awaitCalm() {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(looking.at(PRIMARYS_VIEW, OWN_VIEW)).isEmpty());
    }
}
