package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What ran stays what ran: the API server guards it, and where a resource is made anew, the database does. */
@OnCluster
@Execution(ExecutionMode.CONCURRENT)
class EditedTest {
    private static final String TABLE = """
            CREATE TABLE messages (id bigint PRIMARY KEY, touched int NOT NULL DEFAULT 0);
            INSERT INTO messages SELECT g FROM generate_series(1, 500) AS g;
            """;

    @Test
    void aSchemaMigrationThatRanCannotBecomeAnother(Scenario scenario) throws Exception {
        cannotBecomeAnother(
                scenario,
                "SchemaMigration/change",
                Written.schema("change", "ALTER TABLE messages ADD COLUMN mood text"),
                Written.schema("change", "ALTER TABLE messages ADD COLUMN mood int"));
        assertThat(scenario.value("SELECT pg_typeof(mood) FROM messages LIMIT 1"))
                .isEqualTo("text");
    }

    @Test
    void aBackfillThatRanCannotBecomeAnother(Scenario scenario) throws Exception {
        cannotBecomeAnother(scenario, "DataMigration/change", backfill("touched + 1"), backfill("touched + 2"));
        assertThat(scenario.value("SELECT count(*) FROM messages WHERE touched = 1"))
                .isEqualTo("500");
    }

    @Test
    void aStatementThatRanOnceCannotBecomeAnother(Scenario scenario) throws Exception {
        cannotBecomeAnother(
                scenario,
                "DataMigration/change",
                Written.backfill("change", "UPDATE messages SET touched = touched + 1", ""),
                Written.backfill("change", "UPDATE messages SET touched = touched + 2", ""));
        assertThat(scenario.value("SELECT count(*) FROM messages WHERE touched = 1"))
                .isEqualTo("500");
    }

    private static String backfill(String expression) {
        return Written.backfill(
                "change",
                "UPDATE messages SET touched = %s WHERE :batch".formatted(expression),
                "over: {table: messages}");
    }

    private static void cannotBecomeAnother(Scenario scenario, String reference, String first, String other)
            throws Exception {
        // given a migration that ran
        scenario.execute(TABLE);
        scenario.apply(Written.TARGET);
        scenario.apply(first);
        scenario.awaitMessage(reference, "Applied/Applied");

        // when it is edited, then the API server refuses and says what to do instead
        var answer = scenario.kubectl().apply(other, "--force-conflicts");
        assertThat(answer.refused()).isTrue();
        assertThat(answer.text()).contains("a migration that has started cannot be edited: add a new migration");

        // when it is deleted and made anew with the other text, then the database refuses
        scenario.delete(reference);
        scenario.apply(other);
        assertThat(scenario.awaitMessage(reference, "Failed/ChecksumMismatch"))
                .contains(reference.substring(reference.indexOf('/') + 1), "restore", "new migration");
        scenario.footprint().requires(reference, 2, 2);

        // and with the first text restored, it is what it was
        scenario.apply(first);
        assertThat(scenario.awaitMessage(reference, "Applied/AlreadyApplied")).contains("nothing was changed");
        assertThat(scenario.await(reference, Phase.Applied).status().attempts()).isEqualTo(1);
    }
}
