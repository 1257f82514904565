package dev.cairn.runner.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.StepRow;
import dev.cairn.runner.sql.Script;
import dev.cairn.runner.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines of another version, which cut the same steps into other parts. */
class AppliedPartsTest {
    private static final String MIXED =
            "CREATE TABLE t (id int);\nCREATE INDEX CONCURRENTLY i ON t (id);\nSELECT 1;\nSELECT 2";

    private static List<Part> parts(String... sql) {
        var steps = new ArrayList<Work.Step>();
        for (var step : sql) steps.add(new Work.Step(String.valueOf(steps.size() + 1), step));
        return StepSplitter.of(steps);
    }

    private static StepRow done(int ordinal, String name, String sql) {
        return new StepRow(ordinal, name, StatementDigest.of(Script.of(sql).statements()), true, null);
    }

    private static List<String> texts(Part part) {
        return part.statements().stream().map(Statement::text).toList();
    }

    @Test
    void aStepThatWasDoneInOnePartIsDoneWhenItIsCutIntoThree() {
        // given a version that took all of the first step for one part
        var lines = List.of(done(1, "step 1", MIXED));

        // then what is left is the second step, on a line after those that are there
        var standing = AppliedParts.of(parts(MIXED, "SELECT 3"), lines);
        assertThat(standing.undone()).singleElement().satisfies(part -> {
            assertThat(part.ordinal()).isEqualTo(2);
            assertThat(part.name()).isEqualTo("step 2");
            assertThat(part.covers()).isEqualTo(new StepRow.Statements(2, 1, 1));
        });
    }

    @Test
    void aStepThatWasDoneInFourPartsIsDoneWhenItIsCutIntoThree() {
        var lines = List.of(
                done(1, "step 1, part 1 of 4", "CREATE TABLE t (id int)"),
                done(2, "step 1, part 2 of 4", "CREATE INDEX CONCURRENTLY i ON t (id)"),
                done(3, "step 1, part 3 of 4", "SELECT 1"),
                done(4, "step 1, part 4 of 4", "SELECT 2"));
        assertThat(AppliedParts.of(parts(MIXED), lines).undone()).isEmpty();
    }

    @Test
    void ofAPartThatIsDoneHalfWhatIsLeftGoesOnWithItsSettings() {
        // given a version that cut a step where this one does not, and failed after the first part
        var step = "SET statement_timeout = 0;\nSELECT 1;\nSELECT 2";
        var lines = List.of(done(1, "step 1, part 1 of 2", "SET statement_timeout = 0;\nSELECT 1"));

        assertThat(AppliedParts.of(parts(step), lines).undone()).singleElement().satisfies(part -> {
            assertThat(texts(part)).containsExactly("SELECT 2");
            assertThat(part.settings()).extracting(Statement::text).containsExactly("SET statement_timeout = 0");
            assertThat(part.covers()).isEqualTo(new StepRow.Statements(1, 3, 3));
            assertThat(part.ordinal()).isEqualTo(2);
        });
    }

    @Test
    void aStatementThatIsAddedToAStepThatIsDoneIsAnEdit() {
        for (var line : List.of(done(1, "step 1", "SELECT 1"), done(1, "step 1, part 3 of 3", "SELECT 1")))
            assertThatThrownBy(() -> AppliedParts.of(parts("SELECT 1; SELECT 2"), List.of(line)))
                    .isInstanceOfSatisfying(
                            MigrationFailure.class, e -> assertThat(e.reason()).isEqualTo(Reason.ChecksumMismatch))
                    .hasMessageContaining(line.name() + " was applied as sha256:");
    }

    @Test
    void aStatementThatMovesToTheStepBeforeIsAnEdit() {
        var lines = List.of(done(1, "step 1", "SELECT 1"), done(2, "step 2", "SELECT 2; SELECT 3"));
        assertThatThrownBy(() -> AppliedParts.of(parts("SELECT 1; SELECT 2", "SELECT 3"), lines))
                .hasMessageContaining("step 1 was applied as");
        assertThatThrownBy(() -> AppliedParts.of(parts("SELECT 1"), lines))
                .hasMessageContaining("step 2 was applied (")
                .hasMessageContaining("the plan has it no more");
    }

    @Test
    void emptyStepsHaveTheirPlaceToo() {
        var lines = List.of(done(1, "step 1", "-- nothing"), done(2, "step 2", "SELECT 1"));
        var standing = AppliedParts.of(parts("-- other words", "SELECT 1", "--"), lines);
        assertThat(standing.undone()).singleElement().satisfies(part -> {
            assertThat(part.covers()).isEqualTo(new StepRow.Statements(3, 1, 0));
        });
    }

    @Test
    void aPartThatWasStartedIsAbandonedWhenItIsEdited() {
        var done = done(1, "step 1, part 1 of 3", "CREATE TABLE t (id int)");
        var started =
                new StepRow(2, "step 1, part 2 of 3", parts(MIXED).get(1).checksum(), false, "absent before: public.i");
        assertThat(AppliedParts.of(parts(MIXED), List.of(done, started)).abandoned())
                .isEmpty();
        assertThat(AppliedParts.of(parts("CREATE TABLE t (id int); SELECT 1"), List.of(done, started))
                        .abandoned())
                .contains(started);
    }
}
