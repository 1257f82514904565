package dev.cairn.runner.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.Checksum;
import dev.cairn.plan.LedgerQuestion;
import dev.cairn.plan.LedgerState;
import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a runner of version 0.1 left in a database stays valid: lines, cursors and checksums. */
class RecordedLedgerTest {
    private static final String LINES = "SELECT name || state || xmin || coalesce(error, '') FROM cairn.migration"
            + " UNION ALL SELECT name || ordinal || state || xmin FROM cairn.step"
            + " UNION ALL SELECT name || cursor::text || xmin FROM cairn.range ORDER BY 1";

    private final RecordedLedger recorded = new RecordedLedger();

    @AfterEach
    void close() {
        recorded.close();
    }

    private String value(String sql) {
        return recorded.database.value(sql);
    }

    @Test
    void whatIsAppliedStaysAppliedAndNothingIsWritten() {
        var before = recorded.database.query(LINES);
        assertThat(recorded.run("create", RecordedLedger.CREATE).reason()).isEqualTo(Reason.AlreadyApplied);
        assertThat(recorded.run("backfill-done", RecordedLedger.BACKFILL_DONE).reason())
                .isEqualTo(Reason.AlreadyApplied);
        assertThat(recorded.run("once-done", RecordedLedger.ONCE_DONE).reason()).isEqualTo(Reason.AlreadyApplied);
        assertThat(recorded.run("container-done", RecordedLedger.CONTAINER_DONE).reason())
                .isEqualTo(Reason.AlreadyApplied);
        assertThat(recorded.database.query(LINES)).isEqualTo(before);
        assertThat(value("SELECT version || ' ' || revision FROM cairn.version"))
                .isEqualTo("1 " + LedgerAdditions.REVISION);
    }

    @Test
    void itIsReadForManyMigrationsAtOnceBeforeAndAfterItsUpgrade() throws SQLException {
        var asked = new LedgerQuestion(
                "shop",
                List.of(
                        entry("backfill-done", RecordedLedger.BACKFILL_DONE),
                        entry("backfill-half", RecordedLedger.BACKFILL_HALF),
                        entry("once-done", new Work.Once("UPDATE t SET mood = 'bad'", null)),
                        entry("once-failed", RecordedLedger.ONCE_DONE)));
        try (var connection = recorded.database.connect()) {
            assertThat(new LedgerReading("cairn").answer(connection, asked))
                    .containsExactly(
                            LedgerState.Applied, LedgerState.Started, LedgerState.OtherChecksum, LedgerState.Failed);
            // a mark counts while the start that wrote it is the last one
            recorded.run("backfill-half", RecordedLedger.BACKFILL_HALF);
            recorded.database.execute(
                    "UPDATE cairn.migration SET outcome = 'marked' WHERE name = 'backfill-half'",
                    "UPDATE cairn.migration SET outcome = 'marked', facts_token = gen_random_uuid() WHERE name = 'backfill-done'");
            assertThat(new LedgerReading("cairn").answer(connection, asked).subList(0, 2))
                    .containsExactly(LedgerState.Applied, LedgerState.Marked);
        }
    }

    private static LedgerQuestion.Entry entry(String name, Work work) {
        var checksum = Checksum.of(RecordedLedger.plan(name, work));
        return new LedgerQuestion.Entry(
                MigrationKind.DataMigration, name, List.of(checksum.format1(), checksum.format2()));
    }

    @Test
    void whatWasEditedSinceIsRefused() {
        var backfill = recorded.run(
                "backfill-done", new Work.Backfill(RecordedLedger.OVER, "UPDATE t x SET a = 7 WHERE :batch", null));
        assertThat(backfill.reason()).isEqualTo(Reason.ChecksumMismatch);
        assertThat(backfill.message())
                .contains(Checksum.of(RecordedLedger.plan("backfill-done", RecordedLedger.BACKFILL_DONE))
                        .format1());
        var half = recorded.run(
                "backfill-half", new Work.Backfill(RecordedLedger.OVER, "UPDATE t x SET b = 7 WHERE :batch", null));
        assertThat(half.reason()).isEqualTo(Reason.ChecksumMismatch);
        assertThat(recorded.run("once-done", new Work.Once("UPDATE t SET mood = 'bad'", null))
                        .reason())
                .isEqualTo(Reason.ChecksumMismatch);
        assertThat(recorded.run("create", RecordedLedger.steps("CREATE TABLE t (id int)"))
                        .reason())
                .isEqualTo(Reason.ChecksumMismatch);
    }

    @Test
    void aBackfillThatWasKilledHalfWayGoesOnAtItsCursor() {
        var cursor = value("SELECT cursor[1] FROM cairn.range WHERE name = 'backfill-half'");
        assertThat(value("SELECT count(*) FROM t WHERE b = 1"))
                .isEqualTo(cursor)
                .isEqualTo("110");

        var outcome = recorded.run("backfill-half", RecordedLedger.BACKFILL_HALF);

        // then each row was changed once, by one start or the other
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(outcome.progress().rows()).isEqualTo(300);
        assertThat(outcome.progress().attempts()).isEqualTo(2);
        assertThat(recorded.database.query("SELECT b || ': ' || count(*) FROM t GROUP BY b"))
                .containsExactly("1: 300");

        // and the line has both checksums, so that both versions know it as applied
        var checksum = Checksum.of(RecordedLedger.plan("backfill-half", RecordedLedger.BACKFILL_HALF));
        assertThat(value(
                        "SELECT concat_ws(' ', checksum, checksum_format, checksum_newer, content_hash, verify_checksum)"
                                + " FROM cairn.migration WHERE name = 'backfill-half'"))
                .isEqualTo(String.join(
                        " ", checksum.format1(), "2", checksum.format2(), checksum.content(), checksum.verify()));
    }

    @Test
    void aContainerThatWasKilledHalfWayGoesOnAtItsCheckpoint() {
        var program = new Work.Container("shop/fill:1", List.of("sh", "-c", "sleep 1000"), List.of(), null);
        assertThat(recorded.run("container-half", new Work.Container("shop/fill:2", program.command(), List.of(), null))
                        .reason())
                .isEqualTo(Reason.ChecksumMismatch);
        // a failed one may get another program
        recorded.database.execute("UPDATE cairn.migration SET state = 'failed' WHERE name = 'container-half'");
        var goesOn = new Work.Container(
                "shop/fill:2", List.of("sh", "-c", "test \"$CAIRN_CHECKPOINT\" = 120"), List.of(), null);
        assertThat(recorded.run("container-half", goesOn).reason()).isEqualTo(Reason.Applied);
    }

    @Test
    void aSchemaMigrationThatWasKilledInAConcurrentBuildGoesOnThere() {
        var steps = RecordedLedger.steps(
                "CREATE TABLE w (id int);\nCREATE TABLE w2 (id int)",
                "CREATE INDEX CONCURRENTLY t_b ON t (b)",
                "DROP TABLE w2");
        var outcome = recorded.run("schema-half", steps);
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(value("SELECT indisvalid FROM pg_index WHERE indexrelid = 't_b'::regclass"))
                .isEqualTo("t");
        assertThat(value("SELECT to_regclass('w2') IS NULL")).isEqualTo("t");

        // and the lines that this version wrote say which statements they are for
        assertThat(recorded.database.query("SELECT concat_ws(' ', ordinal, step, first_statement, last_statement)"
                        + " FROM cairn.step WHERE name = 'schema-half' ORDER BY ordinal"))
                .containsExactly("1", "2 2 1 1", "3 3 1 1");
    }

    @Test
    void whatFailedCanBeCorrectedAndTriedAgain() {
        var backfill = new Work.Backfill(RecordedLedger.OVER, "UPDATE t x SET c = c + 1 WHERE :batch", null);
        assertThat(recorded.run("backfill-failed", backfill).reason()).isEqualTo(Reason.Applied);
        assertThat(recorded.database.query("SELECT c || ': ' || count(*) FROM t GROUP BY c"))
                .containsExactly("1: 300");

        assertThat(recorded.run("once-failed", new Work.Once("UPDATE t SET mood = 'good'", null))
                        .reason())
                .isEqualTo(Reason.Applied);

        var steps = RecordedLedger.steps(
                "CREATE TABLE u (id int)",
                "CREATE TABLE v (id int);\nCREATE INDEX CONCURRENTLY u_id ON u (id);\nSELECT 1",
                "DROP TABLE u");
        assertThat(recorded.run("schema-failed", steps).reason()).isEqualTo(Reason.Applied);
        assertThat(value("SELECT to_regclass('u') IS NULL")).isEqualTo("t");
    }

    @Test
    void aStartByAnOlderRunnerSinceThenIsComparedByItsOwnFormat() {
        // given a start of this version that failed, and one of version 0.1 after it, which knows nothing of the new
        // columns
        var plan = RecordedLedger.plan("once-failed", RecordedLedger.ONCE_DONE);
        recorded.database.execute("UPDATE cairn.migration SET state = 'failed' WHERE name = 'once-done'");
        recorded.run("once-failed", new Work.Once("nonsense", null));
        recorded.database.execute(
                "UPDATE cairn.migration SET state = 'applied', token = gen_random_uuid(), checksum = '"
                        + Checksum.of(plan).format1() + "' WHERE name = 'once-failed'");

        // then its checksum counts, and what is left of the one before does not
        assertThat(recorded.run("once-failed", RecordedLedger.ONCE_DONE).reason())
                .isEqualTo(Reason.AlreadyApplied);
        assertThat(recorded.run("once-failed", new Work.Once("nonsense", null)).reason())
                .isEqualTo(Reason.ChecksumMismatch);
    }

    @Test
    void anotherVerifyIsNotAnotherMigration() {
        var backfill = RecordedLedger.BACKFILL_HALF;
        assertThat(recorded.run("backfill-half", backfill).reason()).isEqualTo(Reason.Applied);
        var checked = new Work.Backfill(backfill.over(), backfill.sql(), "SELECT count(*) > 0 FROM t");
        assertThat(recorded.run("backfill-half", checked).reason()).isEqualTo(Reason.AlreadyApplied);
    }
}
