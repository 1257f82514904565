package dev.cairn.runner.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Settings.Order;
import dev.cairn.plan.Work;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ranges and those who walk them. */
class WorkersTest {
    private static final String SESSIONS =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'cairn %' AND datname = current_database()";

    private final TestDatabase database = TestDatabase.create();
    private final RunnerFolder folder = new RunnerFolder(database);

    @AfterEach
    void close() {
        var role = "limited_" + database.name();
        boolean isThere = !database.query("SELECT 1 FROM pg_roles WHERE rolname = '" + role + "'")
                .isEmpty();
        if (isThere) database.execute("DROP OWNED BY " + role + " CASCADE", "DROP ROLE " + role);
        database.close();
    }

    private static Settings.Pace slowly(int workers) {
        return new Settings.Pace(50, 50, 50, 50, 500L, workers, Order.Plain);
    }

    private static Settings.Pace fast(int workers) {
        return new Settings.Pace(50, 1000, 50, 5000, null, workers, Order.Plain);
    }

    @Test
    void rangesAreEvenHoweverTheKeysLie() {
        // given ids of which half lie in one thousandth of their range, after gaps and behind negative ones
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0, filler text DEFAULT repeat('x', 200))",
                "INSERT INTO t SELECT g - 20000 FROM generate_series(1, 20000) g",
                "INSERT INTO t SELECT 1000000000 + g * 100000::bigint FROM generate_series(1, 20000) g",
                "INSERT INTO t SELECT 9000000000000 + g FROM generate_series(1, 40000) g",
                "ANALYZE t");
        var outcome = folder.pace(fast(4))
                .backfill("t", "UPDATE t SET n = n + 1 WHERE :batch")
                .run();

        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
        assertThat(database.value("SELECT count(*) FROM cairn.range")).isEqualTo("16");
        assertThat(database.query(
                        "SELECT ordinal || ': ' || walked FROM cairn.range WHERE walked NOT BETWEEN 3000 AND 8000"))
                .isEmpty();
    }

    @Test
    void aPartitionedTableThatWasNeverAnalysedHasEvenRangesAndTrueProgress() {
        // given partitions of very different sizes, and no statistics of any
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0, filler text DEFAULT repeat('x', 200))"
                        + " PARTITION BY RANGE (id)",
                "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (1000) WITH (autovacuum_enabled = off)",
                "CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (1000) TO (50000) WITH (autovacuum_enabled = off)",
                "CREATE TABLE t_3 PARTITION OF t FOR VALUES FROM (50000) TO (900000) WITH (autovacuum_enabled = off)",
                "INSERT INTO t SELECT generate_series(1, 40000)",
                "INSERT INTO t SELECT 800000 + g FROM generate_series(1, 4000) g");
        var main = folder.pace(new Settings.Pace(50, 200, 50, 500, 30_000L, 3, Order.Plain))
                .backfill("t", "UPDATE t SET n = n + 1 WHERE :batch")
                .main("pod-1");
        var run = CompletableFuture.supplyAsync(main::run);
        var estimates = new ArrayList<Long>();
        var shares = new ArrayList<Double>();
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    var progress = main.progress();
                    var estimate = progress.estimatedRows();
                    if (estimate != null && estimate > 0) {
                        estimates.add(estimate);
                        shares.add((double) progress.walked() / estimate);
                    }
                    return run.isDone();
                });

        assertThat(run.join().reason()).as(run.join().message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
        assertThat(database.query(
                        "SELECT ordinal || ': ' || walked FROM cairn.range WHERE walked NOT BETWEEN 2500 AND 10000"))
                .isEmpty();
        // without statistics the server guesses by the size of the files: too many until the first range is done
        assertThat(estimates).allSatisfy(estimate -> assertThat(estimate).isBetween(35_000L, 176_000L));
        assertThat(run.join().progress().estimatedRows()).isEqualTo(44_000L);
        assertThat(shares).allSatisfy(share -> assertThat(share).isBetween(0.0, 1.0));
    }

    @Test
    void theNumberOfWorkersFollowsTheSettingsWithoutARestart() {
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT generate_series(1, 60000)",
                "ANALYZE t");
        folder.pace(slowly(1)).backfill("t", "UPDATE t SET n = n + 1 WHERE :batch");
        var main = folder.main("pod-1");
        var run = CompletableFuture.supplyAsync(main::run);
        awaitSessions(2);

        // when more are wanted, then fewer; one more connection is the run's own
        folder.pace(slowly(3));
        awaitSessions(4);
        folder.pace(slowly(2));
        awaitSessions(3);

        // then the ranges stay the same, and every row is changed once
        folder.pace(fast(2));
        var outcome = run.join();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
        assertThat(database.value("SELECT count(*) FROM cairn.range")).isEqualTo("4");
    }

    @Test
    void aWalkGoesOnWithTheConnectionsThatItGets() {
        // given a role that may have three sessions: the run's own and two for workers
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT generate_series(1, 60000)",
                "ANALYZE t");
        var role = limitedRole(3);
        folder.pace(slowly(3)).backfill("t", "UPDATE t SET n = n + 1 WHERE :batch");
        var main = folder.main("pod-1");
        var run = CompletableFuture.supplyAsync(main::run);

        // then those two walk, and the progress says what is missing
        await().until(() -> String.valueOf(main.progress().cause()).startsWith("2 of 3 workers have a connection: "));
        assertThat(main.progress().cause()).contains("too many connections for role");
        assertThat(main.progress().activity()).isEqualTo(Activity.Running);

        // when one of them loses its session, and the role may have no more than the other's by now
        database.execute("ALTER ROLE " + role + " CONNECTION LIMIT 2");
        database.execute("SELECT pg_terminate_backend(worker_pid) FROM cairn.range WHERE ordinal = 0");
        await().until(() -> String.valueOf(main.progress().cause()).startsWith("1 of 3 workers have a connection: "));

        // then it does all that is left; and with the limit gone the others come back
        database.execute("ALTER ROLE " + role + " CONNECTION LIMIT -1");
        awaitSessions(4);
        await().until(() -> main.progress().cause() == null);
        folder.pace(fast(3));
        var outcome = run.join();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
        assertThat(outcome.progress().walked()).isEqualTo(60_000);
    }

    @Test
    void whoHasNoConnectionIsNotMissedWhereNoRangeWaits() {
        // given four ranges and a connection for one of two workers
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT generate_series(1, 4000)");
        database.pretendRows(5000);
        limitedRole(2);
        folder.pace(slowly(1)).backfill("t", "UPDATE t SET n = n + 1 WHERE :batch");
        var main = folder.main("pod-1");
        var run = CompletableFuture.supplyAsync(main::run);
        await().until(() -> main.progress().walked() > 0);
        folder.pace(slowly(2));
        await().until(() -> String.valueOf(main.progress().cause()).startsWith("1 of 2 workers have a connection: "));

        // when one range is left, which takes its time
        await().until(() -> database.value("SELECT count(*) FROM cairn.range WHERE state = 'done'")
                .equals("3"));
        folder.pace(new Settings.Pace(50, 50, 50, 50, 1L, 2, Order.Plain));

        // then there is nothing to tell of
        await().until(() -> main.progress().cause() == null);
        folder.pace(fast(2));
        var outcome = run.join();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
    }

    @Test
    void oneConnectionForAllWorkersIsEnough() {
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT generate_series(1, 60000)",
                "ANALYZE t");
        limitedRole(2);
        var outcome = folder.pace(fast(4))
                .backfill("t", "UPDATE t SET n = n + 1 WHERE :batch")
                .run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
    }

    /** The runner's role from now on; the limit does not count for a superuser. */
    private String limitedRole(int connections) {
        var role = "limited_" + database.name();
        database.execute(
                "CREATE ROLE " + role + " LOGIN PASSWORD 'x' CONNECTION LIMIT " + connections,
                "GRANT ALL ON DATABASE " + database.name() + " TO " + role,
                "GRANT ALL ON t TO " + role);
        folder.secret("username", role);
        return role;
    }

    @Test
    void theRateIsKeptOverAllWorkers() {
        // given three workers that share two thousand rows a second
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT generate_series(1, 20000)",
                "ANALYZE t");
        var outcome = folder.pace(new Settings.Pace(50, 100, 50, 100, 2000L, 3, Order.Plain))
                .backfill("t", "UPDATE t SET n = n + 1 WHERE :batch")
                .run();
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);

        // then the ledger's own times show no more than that
        var rate = database.value("SELECT round(20000 / extract(epoch FROM max(at) - min(at))) FROM cairn.event"
                + " WHERE event IN ('WalkBegun', 'Applied')");
        assertThat(Long.parseLong(rate)).isLessThanOrEqualTo(2100);
    }

    @Test
    void aStatementThatChangesItsOwnKeyIsRefused() {
        database.execute(
                "CREATE TABLE t (a int, \"B\" int, n int, PRIMARY KEY (a, \"B\"))", "INSERT INTO t VALUES (1, 1, 0)");
        for (var sql : new String[] {
            "UPDATE t SET n = 1, a = a + 10 WHERE :batch",
            "UPDATE ONLY public.t AS x SET (n, \"B\") = (1, 2) WHERE :batch",
            "WITH moved AS (UPDATE t SET a = 5 WHERE :batch RETURNING 1) SELECT count(*) FROM moved"
        }) {
            var outcome = folder.backfill(new Work.Over("t", List.of(), sql.contains(" x ") ? "x" : null), sql, null)
                    .run();
            assertThat(outcome.reason()).as(sql).isEqualTo(Reason.InvalidSpec);
            assertThat(outcome.message()).contains("which public.t is walked along");
        }
        assertThat(folder.backfill("t", "UPDATE t SET n = a WHERE a = a AND :batch")
                        .run()
                        .reason())
                .isEqualTo(Reason.Applied);
    }

    private void awaitSessions(int count) {
        await(count + " sessions")
                .atMost(Duration.ofSeconds(30))
                .until(() -> database.value(SESSIONS).equals(String.valueOf(count)));
    }
}
