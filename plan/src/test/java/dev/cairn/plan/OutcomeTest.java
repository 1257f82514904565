package dev.cairn.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    @Test
    void aShortOutcomeComesBackWhole() {
        var outcome = new Outcome(Reason.SqlError, "step 1: no such column", "42703", "perhaps mood", Progress.NONE);
        assertThat(Outcome.fromTerminationMessage(outcome.toTerminationMessage()))
                .isEqualTo(outcome);
    }

    @Test
    void whateverIsInItItFitsAndKeepsItsReason() {
        var key = "ключ\"\\".repeat(10);
        var range = new Progress.Range(key, key, key, 7);
        var progress = new Progress(
                Progress.Activity.Running,
                "…".repeat(5000),
                2,
                0,
                0,
                7,
                9,
                100L,
                5,
                1000,
                1,
                Collections.nCopies(32, range));
        for (var text : new String[] {"a", "\u0001", "€", "😀", "\""}) {
            var outcome = new Outcome(Reason.SqlError, text.repeat(9000), "42601", text.repeat(9000), progress);
            var json = outcome.toTerminationMessage();
            assertThat(json.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(Outcome.MAX_BYTES);
            var back = Outcome.fromTerminationMessage(json);
            assertThat(back.reason()).isEqualTo(Reason.SqlError);
            assertThat(back.message()).startsWith(text.equals("a") ? "aaa" : "");
            assertThat(back.progress().rows()).isEqualTo(7);
        }
    }

    @Test
    void aForecastKeepsItsFiguresAndItsWarningsHoweverLongItsPlan() {
        for (var text : new String[] {"a", "\n", "€"}) {
            var forecast = new Forecast(
                    6_000_000,
                    5L,
                    6000,
                    1000,
                    720,
                    false,
                    "t_pkey (id)",
                    Collections.nCopies(Forecast.MAX_WARNINGS, text.repeat(100)),
                    text.repeat(9000));
            var outcome = new Outcome(Reason.DryRunComplete, "done", null, null, Progress.NONE, forecast);
            var json = outcome.toTerminationMessage();
            assertThat(json.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(Outcome.MAX_BYTES);
            var back = Outcome.fromTerminationMessage(json).forecast();
            assertThat(back.rows()).isEqualTo(6_000_000);
            assertThat(back.warnings()).isEqualTo(forecast.warnings());
            assertThat(text.repeat(9000)).startsWith(back.queryPlan().replace("…", ""));
        }
    }
}
