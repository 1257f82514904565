package dev.cairn.operator.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.operator.Samples;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Work;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanBuilderTest {
    private static final String FROM_TWO =
            "{targetRef: {name: chat}, stepsFrom: [{configMapRef: {name: one}}, {configMapRef: {name: two}}]}";

    @Test
    void inlineStepsAreNamedByTheirPlace() {
        var schema = Samples.schema("add", "{targetRef: {name: chat}, steps: [{sql: A}, {sql: B}]}");
        assertThat(PlanBuilder.plan(schema, "chat", Map.of()).work())
                .isEqualTo(new Work.Schema(List.of(new Work.Step("1", "A"), new Work.Step("2", "B"))));
    }

    @Test
    void filesOfAllConfigMapsAreStepsInVersionOrder() {
        var plan = planFromTwo(
                Map.of("10_d.sql", "D", "2_b.sql", "B", "README.md", "not a step"),
                Map.of("1_a.sql", "A", "9.1_c.sql", "C", "V1.10__f.sql", "F", "V1.9__e.sql", "E"));
        assertThat(((Work.Schema) plan.work()).steps())
                .extracting(Work.Step::name)
                .containsExactly("1_a.sql", "2_b.sql", "9.1_c.sql", "10_d.sql", "V1.9__e.sql", "V1.10__f.sql");
    }

    @Test
    void theOrderOfTheConfigMapsDoesNotMatterToThePlan() {
        var one = Map.of("1.sql", "A");
        var two = Map.of("2.sql", "B");
        assertThat(planFromTwo(one, two).hash()).isEqualTo(planFromTwo(two, one).hash());
    }

    @Test
    void theSameFileNameTwiceIsRefusedAndNamed() {
        assertThatThrownBy(() -> planFromTwo(Map.of("1.sql", "A"), Map.of("1.sql", "B")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1.sql is in more than one");
    }

    @Test
    void configMapsWithoutAFileAreRefusedAndNamed() {
        assertThatThrownBy(() -> planFromTwo(Map.of("1.txt", "A"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no key of its ConfigMaps one, two ends in .sql");
    }

    @Test
    void leadingZerosDoNotMakeTwoFilesOne() {
        assertThat(((Work.Schema) planFromTwo(Map.of("1.sql", "A"), Map.of("01.sql", "B"))
                                .work())
                        .steps())
                .hasSize(2);
    }

    @Test
    void aDataMigrationWithATableIsABackfillAndOneWithoutRunsOnce() {
        var backfill = Samples.data(
                "fill",
                "{targetRef: {name: chat}, over: {table: t, key: [a, b], as: x}, sql: 'UPDATE t x SET n = 1 WHERE :batch', verify: SELECT true}");
        assertThat(PlanBuilder.plan(backfill, "chat", Map.of()).work())
                .isEqualTo(new Work.Backfill(
                        new Work.Over("t", List.of("a", "b"), "x"),
                        "UPDATE t x SET n = 1 WHERE :batch",
                        "SELECT true"));
        var once = Samples.data("once", "{targetRef: {name: chat}, sql: DELETE FROM t}");
        assertThat(PlanBuilder.plan(once, "chat", Map.of()).work()).isEqualTo(new Work.Once("DELETE FROM t", null));
    }

    @Test
    void aDryRunIsAnotherPlanAndAnAppliedOneKeepsItsHash() {
        var spec = "{targetRef: {name: chat}, over: {table: t}, sql: 'UPDATE t SET n = 1 WHERE :batch'%s}";
        var applied = PlanBuilder.plan(Samples.data("fill", spec.formatted("")), "chat", Map.of());
        var alsoApplied = PlanBuilder.plan(Samples.data("fill", spec.formatted(", mode: Apply")), "chat", Map.of());
        var dry = PlanBuilder.plan(Samples.data("fill", spec.formatted(", mode: DryRun")), "chat", Map.of());
        var tried = PlanBuilder.plan(
                Samples.data("fill", spec.formatted(", mode: DryRun, dryRun: {execute: true}")), "chat", Map.of());
        assertThat(alsoApplied.hash()).isEqualTo(applied.hash());
        assertThat(dry.dryRun()).isEqualTo(new Plan.DryRun(false));
        assertThat(tried.dryRun()).isEqualTo(new Plan.DryRun(true));
        assertThat(List.of(applied.hash(), dry.hash(), tried.hash())).doesNotHaveDuplicates();
    }

    @Test
    void aDataMigrationWithAContainerIsItsProgram() {
        var container = Samples.data(
                "fill",
                "{targetRef: {name: chat}, container: {image: 'fill:1', command: [/fill, -v], permanentExitCodes: [3]}, verify: SELECT true}");
        assertThat(PlanBuilder.plan(container, "chat", Map.of()).work())
                .isEqualTo(new Work.Container("fill:1", List.of("/fill", "-v"), List.of(3), "SELECT true"));
    }

    @Test
    void paceAndSuspendAreNoPartOfThePlan() {
        var slow =
                "{targetRef: {name: chat}, over: {table: t}, sql: 'UPDATE t SET n = 1 WHERE :batch', pace: {maxRowsPerSecond: 1}, suspend: true}";
        var fast = "{targetRef: {name: chat}, over: {table: t}, sql: 'UPDATE t SET n = 1 WHERE :batch'}";
        assertThat(PlanBuilder.plan(Samples.data("fill", slow), "chat", Map.of())
                        .hash())
                .isEqualTo(PlanBuilder.plan(Samples.data("fill", fast), "chat", Map.of())
                        .hash());
    }

    @Test
    void queriesThatHoldAreAPartOfThePlanAndTheirLimitsAreNot() {
        var fill =
                "{targetRef: {name: chat}, over: {table: t}, sql: 'UPDATE t SET n = 1 WHERE :batch', pace: {holdWhile: [%s]}}";
        var asked = plan(fill.formatted("{query: SELECT 1, above: 5}, {signal: deadTuples, above: 5}"));
        assertThat(((Work.Backfill) asked.work()).holds()).containsExactly("SELECT 1");
        assertThat(asked.hash())
                .isEqualTo(plan(fill.formatted("{query: SELECT 1, above: 7, suspend: true}"))
                        .hash())
                .isNotEqualTo(
                        plan(fill.formatted("{query: SELECT 2, above: 5}")).hash());
        assertThat(plan(fill.formatted("{signal: deadTuples, above: 5}")).hash())
                .isEqualTo(plan(fill.formatted("")).hash());
    }

    @Test
    void onlyAWalkThatIsRepeatedSaysSoInThePlan() {
        var fill =
                "{targetRef: {name: chat}, over: {table: t}, sql: 'UPDATE t SET n = 1 WHERE :batch', verify: SELECT true%s}";
        assertThat(((Work.Backfill)
                                plan(fill.formatted(", repeat: UntilVerified")).work())
                        .repeat())
                .isEqualTo(Work.Repeat.UntilVerified);
        assertThat(plan(fill.formatted(", repeat: Once")).hash())
                .isEqualTo(plan(fill.formatted("")).hash());
    }

    private static Plan plan(String spec) {
        return PlanBuilder.plan(Samples.data("fill", spec), "chat", Map.of());
    }

    private static Plan planFromTwo(Map<String, String> one, Map<String, String> two) {
        return PlanBuilder.plan(Samples.schema("files", FROM_TWO), "chat", Map.of("one", one, "two", two));
    }
}
