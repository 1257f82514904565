package dev.cairn.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Checksum;
import dev.cairn.plan.HoldCondition;
import dev.cairn.plan.HoldSignal;
import dev.cairn.plan.Identity;
import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import dev.cairn.runner.ledger.Ledger;
import dev.cairn.runner.ledger.WorkerPod;
import dev.cairn.runner.session.Transaction;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The engine's own SQL means the same whatever the role's search_path is, and calls nothing that others made. The users'
 * statements here have no operators of their own.
 */
class SearchPathTest {
    private static final Checksum A_PLAN = new Checksum("sha256:a1", "sha256:a2", "sha256:content", null);
    private static final String DEFAULT = "\"$user\", public";
    private static final String HOSTILE_FIRST = "public, pg_catalog";

    private final TestDatabase database = TestDatabase.create();
    private HostilePublic hostile;

    @AfterEach
    void close() {
        database.close();
    }

    private void given(String path, String... statements) {
        database.execute(statements);
        hostile = new HostilePublic(database, path);
    }

    private void thenNothingWasCalled() {
        assertThat(hostile.called()).isEmpty();
    }

    private Settings settings(Settings.Pace pace) {
        var settings = database.settings();
        return new Settings(settings.connection(), settings.locks(), pace);
    }

    @ParameterizedTest
    @ValueSource(strings = {DEFAULT, HOSTILE_FIRST})
    void whatIsCalledIsCounted(String path) {
        given(path);
        database.execute("SELECT 'a'::pg_catalog.text OPERATOR(public.=) 'b'::pg_catalog.varchar");
        assertThat(hostile.called()).singleElement().asString().contains("l text, r character varying", "1 calls");
    }

    @ParameterizedTest
    @ValueSource(strings = {DEFAULT, HOSTILE_FIRST})
    void schemaStepsCallNothing(String path) {
        given(path, "CREATE TABLE public.t (id int PRIMARY KEY, n int)");
        var steps = List.of(
                new Work.Step("1", "ALTER TABLE public.t ADD COLUMN m int"),
                new Work.Step("2", "CREATE INDEX CONCURRENTLY t_m ON public.t (m)"),
                new Work.Step("3", "DROP INDEX CONCURRENTLY public.t_m"));
        var folder = new RunnerFolder(database).plan(new Work.Schema(steps), MigrationKind.SchemaMigration);

        assertThat(folder.run().message()).contains("applied");
        assertThat(folder.run().reason()).isEqualTo(Reason.AlreadyApplied);

        thenNothingWasCalled();
    }

    @ParameterizedTest
    @ValueSource(strings = {DEFAULT, HOSTILE_FIRST})
    void aStepThatWaitsForALockCallsNothing(String path) throws Exception {
        given(path, "CREATE TABLE public.t (id int)");
        var folder = new RunnerFolder(database)
                .plan(
                        new Work.Schema(List.of(new Work.Step("1", "ALTER TABLE public.t ADD COLUMN m int"))),
                        MigrationKind.SchemaMigration);
        RunnerInside runner;
        try (var blocker = database.connect()) {
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("LOCK TABLE public.t");
            runner = folder.main("pod-1");
            var run = Thread.ofVirtual().start(runner::run);
            await().until(() -> String.valueOf(runner.progress().cause()).contains("held by pid"));
            blocker.rollback();
            run.join();
        }
        thenNothingWasCalled();
    }

    @ParameterizedTest
    @ValueSource(strings = {DEFAULT, HOSTILE_FIRST})
    void sqlThatRunsOnceCallsNothing(String path) {
        given(path, "CREATE TABLE public.t (id int)");
        var once = new Work.Once("INSERT INTO public.t VALUES (1)", "SELECT true");
        assertThat(new RunnerFolder(database)
                        .plan(once, MigrationKind.DataMigration)
                        .run()
                        .reason())
                .isEqualTo(Reason.Applied);
        thenNothingWasCalled();
    }

    @ParameterizedTest
    @ValueSource(strings = {DEFAULT, HOSTILE_FIRST})
    void aBackfillWithHoldsAndAVerifyCallsNothing(String path) {
        given(
                path,
                "CREATE TABLE public.t (a text, b bigint, n int, PRIMARY KEY (a, b))",
                "INSERT INTO public.t SELECT 'k' || g / 10, g, 0 FROM generate_series(1, 2000) g",
                "ANALYZE public.t");
        var holds = List.<HoldCondition>of(
                HoldCondition.Signal.replicationLag(1000, 0),
                new HoldCondition.Signal(HoldSignal.DEAD_TUPLES, 1_000_000),
                new HoldCondition.Signal(HoldSignal.OLDEST_TRANSACTION, 600_000),
                new HoldCondition.Signal(HoldSignal.WAL_TO_ARCHIVE, 1000),
                new HoldCondition.Signal(HoldSignal.BLOCKED_SESSIONS, 1000),
                new HoldCondition.Query("SELECT 1", BigDecimal.TEN, false));
        var work = new Work.Backfill(
                new Work.Over("public.t", List.of(), null), "UPDATE public.t SET n = 1 WHERE :batch", "SELECT true");
        var folder = new RunnerFolder(database).plan(work, MigrationKind.DataMigration);
        folder.write(settings(new Settings.Pace(50, 100, 10, 10_000, null).with(holds)));

        assertThat(folder.run().message()).contains("changed 2000 rows");

        thenNothingWasCalled();
    }

    @ParameterizedTest
    @ValueSource(strings = {DEFAULT, HOSTILE_FIRST})
    void aBackfillInStripesWithWorkersCallsNothing(String path) {
        database.execute(
                "CREATE TABLE public.t (id uuid PRIMARY KEY, n int)",
                "INSERT INTO public.t SELECT gen_random_uuid(), 0 FROM generate_series(1, 20000)",
                "ANALYZE public.t");
        given(path);
        var work = new Work.Backfill(
                new Work.Over("public.t", List.of(), null), "UPDATE public.t SET n = 1 WHERE :batch", null);
        var folder = new RunnerFolder(database).plan(work, MigrationKind.DataMigration);
        folder.write(settings(new Settings.Pace(50, 500, 100, 1000, null, 3, Settings.Order.Striped)));

        assertThat(folder.run().message()).contains("changed 20000 rows");

        thenNothingWasCalled();
    }

    @ParameterizedTest
    @ValueSource(strings = {DEFAULT, HOSTILE_FIRST})
    void aListOfKeysARowThatFailsAndAVerifyInBatchesCallNothing(String path) {
        given(
                path,
                "CREATE TABLE public.t (id int PRIMARY KEY, n int)",
                "INSERT INTO public.t SELECT g, 0 FROM generate_series(1, 300) g",
                "CREATE FUNCTION cast_or_fail(int) RETURNS int LANGUAGE plpgsql AS 'BEGIN "
                        + "IF $1 OPERATOR(pg_catalog.=) 77 THEN RAISE EXCEPTION USING ERRCODE = ''22000''; END IF; RETURN 1; END'",
                "CREATE SCHEMA cairn_users",
                "ALTER FUNCTION cast_or_fail(int) SET SCHEMA cairn_users");
        var work = new Work.Backfill(
                new Work.Over("public.t", List.of(), null, "SELECT id FROM public.t"),
                "UPDATE public.t SET n = cairn_users.cast_or_fail(id) WHERE :batch",
                "SELECT pg_catalog.bool_and(true) FROM public.t WHERE :batch",
                5L,
                List.of(),
                null);

        var outcome = new RunnerFolder(database)
                .plan(work, MigrationKind.DataMigration)
                .run();

        assertThat(outcome.message()).contains("changed 299 rows");
        assertThat(hostile.called()).allMatch(call -> call.startsWith("cairn_users."));
    }

    @ParameterizedTest
    @ValueSource(strings = {DEFAULT, HOSTILE_FIRST})
    void theCheckpointOfAContainerCallsNothing(String path) throws Exception {
        given(path);
        var ledger = new Ledger(
                "cairn", new Identity("test", MigrationKind.DataMigration, "it"), new WorkerPod("pod-1", "runner:1"));
        try (var connection = database.connect()) {
            ledger.install(connection);
            var token = Transaction.in(connection, c -> {
                ledger.migrations().lock(c, A_PLAN);
                return ledger.migrations().begin(c, A_PLAN);
            });
            Transaction.run(connection, c -> ledger.checkpoints().open(c, token));
            try (var move = connection.prepareStatement("SELECT cairn.checkpoint(?, ?, ?, ?, 5)")) {
                move.setString(1, "test/DataMigration/it");
                move.setString(2, token.toString());
                move.setString(3, "");
                move.setString(4, "7");
                move.execute();
            }
            assertThat(ledger.checkpoints().read(connection).orElseThrow().cursor())
                    .isEqualTo("7");
            Transaction.run(connection, c -> {
                ledger.checkpoints().close(c);
                ledger.migrations().applied(c, token);
            });
        }
        thenNothingWasCalled();
    }

    @ParameterizedTest
    @ValueSource(strings = {DEFAULT, HOSTILE_FIRST})
    void aDryRunCallsNothing(String path) {
        given(
                path,
                "CREATE TABLE public.t (id int PRIMARY KEY, n int)",
                "INSERT INTO public.t SELECT g, 0 FROM generate_series(1, 5000) g",
                "ANALYZE public.t");
        var work = new Work.Backfill(
                new Work.Over("public.t", List.of(), null), "UPDATE public.t SET n = 1 WHERE :batch", "SELECT true");
        assertThat(new RunnerFolder(database).dryRun(work, true).run().reason()).isEqualTo(Reason.DryRunComplete);
        thenNothingWasCalled();
    }
}
