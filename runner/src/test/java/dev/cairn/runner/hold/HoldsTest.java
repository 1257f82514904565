package dev.cairn.runner.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.HoldCondition;
import dev.cairn.plan.HoldSignal;
import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.end.MigrationFailure;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds in the middle of a walk, and at its start. */
class HoldsTest {
    private static final String BUSY = "SELECT busy FROM flags";
    private static final String COUNT = "SELECT count(*) FROM flags";
    private static final Settings.Pace PACE = new Settings.Pace(50, 50, 10, 50, 200L);

    private final TestDatabase database = TestDatabase.create();
    private final RunnerFolder folder = new RunnerFolder(database);

    @BeforeEach
    void table() {
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT g FROM generate_series(1, 1000) g",
                "CREATE TABLE flags (busy bool)",
                "INSERT INTO flags VALUES (false)");
        var over = new Work.Over("t", List.of(), null);
        folder.plan(
                new Work.Backfill(over, "UPDATE t SET n = n + 1 WHERE :batch", null, null, List.of(BUSY, COUNT), null),
                MigrationKind.DataMigration);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aWalkWaitsInTheMiddleAndGoesOn() {
        // given a walk of five seconds, under way
        folder.pace(PACE.with(List.of(Looking.query(BUSY))));
        var main = folder.main("pod-1");
        var run = CompletableFuture.supplyAsync(main::run);
        await().until(() -> main.progress().rows() > 0);

        // when a query begins to hold
        database.execute("UPDATE flags SET busy = true");
        await().until(() -> main.progress().activity() == Activity.Held);
        assertThat(main.progress().heldBy()).containsExactly("query \"SELECT busy FROM flags\" is true");
        var atRest = database.value("SELECT sum(n) FROM t");
        assertThat(Long.parseLong(atRest)).isBetween(1L, 999L);

        // and ends
        database.execute("UPDATE flags SET busy = false");
        await().until(() -> main.progress().heldBy().toString().contains("is false"));
        assertThat(database.value("SELECT sum(n) FROM t")).isEqualTo(atRest);

        // then it goes on and every row is changed once
        folder.pace(PACE.with(List.of(Looking.query(BUSY))));
        requireApplied(run);
        assertThat(main.progress().heldBy()).isEmpty();
    }

    @Test
    void nothingIsChangedBeforeTheFirstLook() {
        database.execute("UPDATE flags SET busy = true");
        folder.pace(PACE.with(List.of(Looking.query(BUSY))));
        var main = folder.main("pod-1");
        var run = CompletableFuture.supplyAsync(main::run);
        await().until(() -> main.progress().activity() == Activity.Held);
        assertThat(database.value("SELECT sum(n) FROM t")).isEqualTo("0");

        // when the hold is taken away from the settings
        folder.pace(new Settings.Pace(50, 1000, 10, 1000, null));
        requireApplied(run);
    }

    @Test
    void aNewLimitCountsAtOnce() {
        folder.pace(PACE.with(List.of(Looking.query(COUNT, "0"))));
        var main = folder.main("pod-1");
        var run = CompletableFuture.supplyAsync(main::run);
        await().until(() -> main.progress().activity() == Activity.Held);
        assertThat(main.progress().heldBy()).containsExactly("query \"SELECT count(*) FROM flags\" 1 > 0");

        folder.pace(new Settings.Pace(50, 1000, 10, 1000, null).with(List.of(Looking.query(COUNT, "1"))));
        requireApplied(run);
    }

    @Test
    void everyHoldIsNamed() {
        database.execute("UPDATE flags SET busy = true");
        folder.pace(PACE.with(List.of(
                Looking.query(BUSY),
                HoldCondition.Signal.replicationLag(5_000, 1),
                new HoldCondition.Signal(HoldSignal.BLOCKED_SESSIONS, 900))));
        var main = folder.main("pod-1");
        var run = CompletableFuture.supplyAsync(main::run);
        await().until(() -> main.progress().activity() == Activity.Held);
        assertThat(main.progress().heldBy())
                .containsExactly(
                        "query \"SELECT busy FROM flags\" is true",
                        "replicationLag unknown (limit 5s): 0 of 1 replicas connected");
        folder.pace(new Settings.Pace(50, 1000, 10, 1000, null));
        requireApplied(run);
    }

    @Test
    void theWishToStopEndsTheWait() {
        var settings = database.settings();
        var held =
                new Settings(settings.connection(), settings.locks(), PACE.with(List.of(Looking.query("SELECT true"))));
        try (var looking = new Looking(database, held, "SELECT true");
                var holds = new Holds(
                        looking.run, (Work.Backfill) looking.run.plan().work())) {
            var waits = CompletableFuture.supplyAsync(() -> holds.await(() -> true));
            await().until(() -> !looking.tracker.progress().heldBy().isEmpty());
            looking.stop.request();
            assertThatThrownBy(waits::join)
                    .hasCauseInstanceOf(MigrationFailure.class)
                    .hasMessageContaining("stopped on request");
        }
    }

    @Test
    void aWorkerThatIsNotWantedAnyMoreDoesNotWait() {
        var settings = database.settings();
        var held =
                new Settings(settings.connection(), settings.locks(), PACE.with(List.of(Looking.query("SELECT true"))));
        try (var looking = new Looking(database, held, "SELECT true");
                var holds = new Holds(
                        looking.run, (Work.Backfill) looking.run.plan().work())) {
            var wanted = new AtomicBoolean(true);
            var waits = CompletableFuture.supplyAsync(() -> holds.await(wanted::get));
            await().until(() -> !looking.tracker.progress().heldBy().isEmpty());
            wanted.set(false);
            assertThat(waits.join()).isFalse();
        }
    }

    @Test
    void severalWorkersWaitAndGoOnTogether() {
        // given a table of two ranges, and a worker on each
        database.execute("INSERT INTO t SELECT g FROM generate_series(100001, 112000) g", "ANALYZE t");
        folder.pace(new Settings.Pace(50, 50, 10, 50, 200L, 3, Settings.Order.Measured, List.of(Looking.query(BUSY))));
        var main = folder.main("pod-1");
        var run = CompletableFuture.supplyAsync(main::run);
        await().ignoreExceptions()
                .until(() -> database.value("SELECT count(*) FROM cairn.range WHERE batches > 0")
                        .equals("2"));
        database.execute("UPDATE flags SET busy = true");
        await().until(() -> main.progress().activity() == Activity.Held);
        database.execute("UPDATE flags SET busy = false");
        folder.pace(
                new Settings.Pace(50, 1000, 10, 1000, null, 3, Settings.Order.Measured, List.of(Looking.query(BUSY))));
        requireApplied(run);
        assertThat(main.progress().heldBy()).isEmpty();
    }

    private void requireApplied(CompletableFuture<Outcome> run) {
        assertThat(run.join().reason()).as(run.join().message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT DISTINCT n FROM t")).containsExactly("1");
    }
}
