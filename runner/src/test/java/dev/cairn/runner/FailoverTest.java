package dev.cairn.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.ExitCode;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An asynchronous replica takes over, and the primary's last commits are nowhere. */
class FailoverTest {
    private static final int ROWS = 20_000;

    private Standby servers;
    private TestDatabase database;
    private TestDatabase replica;
    private Relay relay;
    private RunnerFolder folder;
    private RunnerInside runner;

    @BeforeEach
    void start() throws Exception {
        servers = Standby.start();
        database = TestDatabase.createOn(servers.primaryPort());
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT generate_series(1, " + ROWS + ")",
                "ANALYZE t");
        replica = servers.replica(database);
        relay = new Relay(servers.primaryPort());
        folder = new RunnerFolder(database)
                .secret("port", String.valueOf(relay.port()))
                .pace(atMost(4_000L))
                .backfill("t", "UPDATE t SET n = n + 1 WHERE :batch");
        runner = folder.main("pod-1");
    }

    @AfterEach
    void stop() throws Exception {
        relay.close();
        servers.close();
    }

    private static Settings.Pace atMost(Long rowsPerSecond) {
        return new Settings.Pace(50, 100, 50, 200, rowsPerSecond, 2, Settings.Order.Measured);
    }

    @Test
    void whatTheReplicaNeverHeardOfIsDoneAgainOnItAndNothingElse() throws Exception {
        // given a walk in its middle, of which the replica knows only a part
        var run = CompletableFuture.supplyAsync(runner::run);
        await().until(() -> walked(database) > 2_000);
        awaitReplay();
        servers.stopReplication();
        long known = walked(replica);
        await().until(() -> walked(database) > known + 2_000);

        // when the primary dies, and for a while the replica answers as such
        relay.leadTo(replica.port());
        servers.killPrimary();
        await().until(() -> runner.progress().activity() == Activity.Retrying
                && String.valueOf(runner.progress().cause()).contains("the server is a replica"));
        assertThat(walked(replica)).isEqualTo(known);
        servers.promote();
        folder.pace(atMost(null));

        // then the same run ends there, and each row is changed once
        assertThat(run.join().reason()).as(run.join().message()).isEqualTo(Reason.Applied);
        eachRowOnce();
    }

    @Test
    void aStartThatTheReplicaNeverHeardOfBeginsAnew() throws Exception {
        // given a replica that knows the table, not the migration
        awaitReplay();
        servers.stopReplication();
        var run = CompletableFuture.supplyAsync(runner::run);
        await().until(() -> walked(database) > 1_000);

        // when it takes over
        relay.leadTo(replica.port());
        servers.killPrimary();
        servers.promote();

        // then the run ends to be tried again, and the next one does it all
        Outcome first = run.join();
        assertThat(first.reason().exitCode()).as(first.message()).isEqualTo(ExitCode.TRY_AGAIN);
        assertThat(first.message()).contains("the ledger is older than this start");
        assertThat(folder.pace(atMost(null)).run().reason()).isEqualTo(Reason.Applied);
        eachRowOnce();
    }

    private void eachRowOnce() {
        assertThat(replica.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                .containsExactly("1: " + ROWS);
        assertThat(walked(replica)).isEqualTo(ROWS);
    }

    private void awaitReplay() {
        var written = database.value("SELECT pg_current_wal_insert_lsn()");
        await().atMost(Duration.ofSeconds(30))
                // The database itself may not be there yet.
                .ignoreExceptions()
                .until(() -> replica.value("SELECT pg_last_wal_replay_lsn() >= '" + written + "'")
                        .equals("t"));
    }

    private static long walked(TestDatabase server) {
        if (server.value("SELECT to_regclass('cairn.range') IS NULL").equals("t")) return 0;
        return Long.parseLong(server.value("SELECT coalesce(sum(walked), 0) FROM cairn.range"));
    }
}
