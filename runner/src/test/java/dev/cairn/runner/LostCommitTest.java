package dev.cairn.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import dev.cairn.runner.Relay.CommitLoss;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever loses a connection at a commit does not know whether it happened. Each commit of a run is lost once, in both
 * ways.
 */
class LostCommitTest {
    private static final int ROWS = 300;

    @ParameterizedTest
    @EnumSource
    void aSchemaMigrationDoesEachStepOnce(CommitLoss how) throws IOException {
        var work = new Work.Schema(List.of(
                new Work.Step("first", "INSERT INTO log VALUES (1)"),
                new Work.Step("index", "CREATE INDEX CONCURRENTLY i ON log (n)"),
                new Work.Step("last", "INSERT INTO log VALUES (2)")));
        loseEach(how, work, MigrationKind.SchemaMigration, database -> {
            assertThat(database.query("SELECT n FROM log")).containsExactly("1", "2");
            assertThat(database.query("SELECT indisvalid FROM pg_index WHERE indrelid = 'log'::regclass"))
                    .containsExactly("t");
        });
    }

    @ParameterizedTest
    @EnumSource
    void statementsThatRunOnceDoSo(CommitLoss how) throws IOException {
        var work = new Work.Once("INSERT INTO log VALUES (1)", "SELECT count(*) = 1 FROM log");
        loseEach(
                how,
                work,
                MigrationKind.DataMigration,
                database -> assertThat(database.query("SELECT n FROM log")).containsExactly("1"));
    }

    @ParameterizedTest
    @EnumSource
    void aBackfillChangesEachRowOnce(CommitLoss how) throws IOException {
        var work = new Work.Backfill(new Work.Over("t", List.of(), null), "UPDATE t SET n = n + 1 WHERE :batch", null);
        loseEach(
                how,
                work,
                MigrationKind.DataMigration,
                database -> assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                        .containsExactly("1: " + ROWS));
    }

    private interface Check {
        void on(TestDatabase database);
    }

    private static void loseEach(CommitLoss how, Work work, MigrationKind kind, Check check) throws IOException {
        int nth = 0;
        while (loses(++nth, how, work, kind, check)) {}
        assertThat(nth).as("commits of a run").isGreaterThan(3);
    }

    /** @return whether the run had this commit */
    private static boolean loses(int nth, CommitLoss how, Work work, MigrationKind kind, Check check)
            throws IOException {
        try (var database = TestDatabase.create();
                var relay = new Relay(database.port())) {
            database.execute(
                    "CREATE TABLE log (n int)",
                    "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                    "INSERT INTO t SELECT generate_series(1, " + ROWS + ")");
            relay.loseCommit(nth, how);
            var outcome = new RunnerFolder(database)
                    .secret("port", String.valueOf(relay.port()))
                    .pace(new Settings.Pace(60_000, 100, 100, 100, null, 1, Settings.Order.Plain))
                    .plan(work, kind)
                    .run();
            var lost = "commit " + nth + " of " + relay.commits() + ": " + outcome.message();
            assertThat(outcome.reason()).as(lost).isEqualTo(Reason.Applied);
            assertThat(outcome.progress().attempts()).as(lost).isEqualTo(1);
            check.on(database);
            return relay.commits() >= nth;
        }
    }
}
