package dev.cairn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Operator and runner of different versions: what one of them does not know, or the other one did not write. */
class OtherVersionsTest {
    private static final String SETTINGS =
            "{\"connection\":{\"ledgerSchema\":\"cairn\",\"secret\":\"db\",\"sslMode\":\"require\"},"
                    + "\"locks\":{\"retryForMillis\":600000,\"timeoutMillis\":2000},"
                    + "\"pace\":{\"batchMillis\":200,\"initialBatch\":1000,\"maxBatch\":50000,\"minBatch\":100,\"parallelism\":1}}";

    @Test
    void settingsOfANewerOperatorAreReadAsFarAsTheyAreKnown() {
        var newer = SETTINGS.replace("\"secret\"", "\"proxy\":{\"host\":\"p\"},\"secret\"")
                .replace("\"parallelism\":1", "\"parallelism\":1,\"order\":\"Random\",\"colour\":\"red\"")
                .replaceFirst("\\{", "{\"windows\":[{\"from\":\"22:00\"}],");
        assertThat(Json.read(newer, Settings.class)).isEqualTo(Json.read(SETTINGS, Settings.class));
    }

    @Test
    void settingsOfAnOlderOperatorHaveDefaults() {
        var pace = Json.read(SETTINGS, Settings.class).pace();
        assertThat(pace.order()).isEqualTo(Settings.Order.Measured);
        assertThat(pace.holds()).isEmpty();
        assertThat(pace.maxRowsPerSecond()).isNull();
    }

    @Test
    void aHoldOfANewerOperatorIsKeptAndNotPassedOver() {
        var newer = SETTINGS.replace(
                "\"parallelism\":1",
                "\"parallelism\":1,\"holds\":[{\"type\":\"cpuLoad\",\"above\":\"high\",\"secret\":{}}]");
        assertThat(Json.read(newer, Settings.class).pace().holds())
                .containsExactly(new HoldCondition.Unknown("cpuLoad"));
    }

    @Test
    void settingsForARunnerOfVersion01HaveNoFieldThatItWouldRefuse() {
        var settings = Json.read(SETTINGS, Settings.class)
                .with(List.of(new Identity("chat", MigrationKind.SchemaMigration, "before")))
                .with(new Settings.Report(false));
        assertThat(Json.write(settings.asOfVersion01()))
                .isEqualTo(Json.write(Json.read(SETTINGS, Settings.class)))
                .doesNotContain("dependsOn", "report");
    }

    @Test
    void settingsWithoutWhatNobodyCanGuessAreRefused() {
        assertThatThrownBy(() -> Json.read("{}", Settings.class)).hasMessageContaining("connection, locks and pace");
        assertThatThrownBy(() -> Json.read(SETTINGS.replace("\"batchMillis\":200,", ""), Settings.class))
                .hasMessageContaining("pace.batchDuration: more than zero");
    }

    @Test
    void progressOfANewerRunnerIsReadAsFarAsItIsKnown() {
        var newer = Json.write(Progress.NONE)
                .replace("\"Starting\"", "\"Analyzing\",\"mood\":{\"good\":true}")
                .replace("\"ranges\":[]", "\"ranges\":[{\"from\":\"1\",\"rows\":7,\"owner\":\"w1\"}]");
        var progress = Json.read(newer, Progress.class);
        assertThat(progress.activity()).isEqualTo(Progress.Activity.Running);
        assertThat(progress.ranges()).containsExactly(new Progress.Range("1", null, null, 7));
    }

    @Test
    void progressOfAnOlderRunnerHasDefaults() {
        assertThat(Json.read("{\"activity\":\"Starting\"}", Progress.class)).isEqualTo(Progress.NONE);
        assertThatThrownBy(() -> Json.read("{\"rows\":1}", Progress.class)).hasMessageContaining("an activity");
    }

    @Test
    void anOutcomeOfANewerRunnerKeepsItsMessage() {
        var outcome =
                Outcome.fromTerminationMessage("{\"reason\":\"QuotaExceeded\",\"message\":\"the quota is used up\","
                        + "\"signature\":\"abc\",\"progress\":" + Json.write(Progress.NONE) + "}");
        assertThat(outcome)
                .isEqualTo(new Outcome(Reason.InternalError, "the quota is used up", null, null, Progress.NONE));
    }

    @Test
    void anOutcomeOfAnOlderRunnerHasDefaults() {
        assertThat(Outcome.fromTerminationMessage("{\"reason\":\"Applied\",\"message\":\"applied\"}")
                        .progress())
                .isEqualTo(Progress.NONE);
        var forecast = Json.read("{\"rows\":5,\"key\":\"t_pkey (id)\",\"queryPlan\":\"\"}", Forecast.class);
        assertThat(forecast.warnings()).isEqualTo(List.of());
    }

    @Test
    void whatAnotherProgramLeftIsNotTakenForAnOutcome() {
        for (var text : List.of("{}", "{\"level\":\"error\",\"message\":\"boom\"}", "[]", "boom", "null"))
            assertThatThrownBy(() -> Outcome.fromTerminationMessage(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
