package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.DataMigration;
import dev.cairn.crds.Phase;
import org.junit.jupiter.api.Test;

/** One resource: a backfill is estimated, changed, tried on a sample, and then carried out. */
@OnCluster
class PlannedTest {
    private static final String AFTER =
            Written.dependingOn("DataMigration", "touch", Written.schema("after", "SELECT 1"));

    @Test
    void aDryRunForetellsWaitsForAPersonAndBecomesTheMigration(Scenario scenario) throws Exception {
        // given a table, and a migration that depends on a dry run
        var counters = Counters.create(scenario, 100_000);
        scenario.apply(Counters.TARGET);
        scenario.apply(dry(""));
        scenario.apply(AFTER);

        // then the dry run says what would be done, and nothing was
        var message = scenario.awaitMessage(Counters.REFERENCE, "Planned/DryRunComplete");
        assertThat(message)
                .contains(
                        "would walk about 100,000 rows along counters_pkey (id)",
                        "nothing was changed",
                        "mode to Apply")
                .endsWith(".");
        var forecast = forecast(scenario);
        assertThat(forecast.rows()).isEqualTo(100_000);
        assertThat(forecast.measured()).isFalse();
        assertThat(forecast.queryPlan()).contains("counters_pkey");
        assertThat(counters.attempts()).isZero();
        assertThat(counters.changed()).isZero();
        assertThat(scenario.value("SELECT to_regnamespace('cairn')")).isNull();
        assertThat(scenario.kubectl().run("get", "dmig").text()).contains("Planned", "~100k rows");
        assertThat(scenario.awaitMessage("SchemaMigration/after", "Waiting/DependencyNotReady"))
                .contains("waits for DataMigration/touch to be Ready");

        // when batches are to be tried, then the speed is measured and still nothing is changed
        scenario.apply(dry("  dryRun: {execute: true}\n"));
        scenario.await(
                Counters.REFERENCE,
                "measured",
                found -> found.status().forecast() != null
                        && found.status().forecast().measured());
        assertThat(counters.changed()).isZero();

        // when it is to be applied, then it is carried out, once, and what waited goes on
        scenario.apply(Counters.migration(Counters.FAST) + "  mode: Apply\n  dryRun: {execute: true}\n");
        scenario.await("SchemaMigration/after", Phase.Applied);
        counters.requireExactlyOnce();
        assertThat(((DataMigration) scenario.await(Counters.REFERENCE, Phase.Applied))
                        .getStatus()
                        .forecast())
                .isNull();

        // and from then on it stays what it is
        var answer = scenario.kubectl().apply(dry(""), "--force-conflicts");
        assertThat(answer.refused()).isTrue();
        assertThat(answer.text()).contains("a migration that has started cannot be edited");
    }

    private static dev.cairn.crds.MigrationStatus.Forecast forecast(Scenario scenario) {
        var forecast =
                scenario.await(Counters.REFERENCE, Phase.Planned).status().forecast();
        assertThat(forecast).isNotNull();
        return forecast;
    }

    private static String dry(String more) {
        return Counters.migration(Counters.FAST) + "  mode: DryRun\n" + more;
    }
}
