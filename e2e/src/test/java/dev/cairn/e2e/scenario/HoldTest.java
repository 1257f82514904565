package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.DataMigration;
import dev.cairn.crds.Phase;
import org.junit.jupiter.api.Test;

/** A backfill rests while the database needs it, says why, and takes new limits without a new start. */
@OnCluster
class HoldTest {
    private static final String QUERY = "SELECT count(*) FROM work_in_progress";

    @Test
    void aQueryHoldsInTheMiddleIsNamedWithItsLimitAndLetsGoWhenTheLimitIsRaised(Scenario scenario) throws Exception {
        // given a backfill in the middle, and a queue that is empty
        scenario.execute("CREATE TABLE work_in_progress (n int)");
        var counters = Counters.create(scenario, 200_000);
        scenario.apply(Counters.TARGET);
        scenario.apply(Counters.migration(pace(Counters.SLOWLY, QUERY, 5)));
        counters.goesOn();

        // when the queue fills
        scenario.execute("INSERT INTO work_in_progress SELECT generate_series(1, 7)");

        // then it waits and says for what
        var message = scenario.awaitMessage(Counters.REFERENCE, "Held/Throttled");
        assertThat(message)
                .contains("query \"" + QUERY + "\" 7 > 5", "goes on by itself", "pace.holdWhile")
                .endsWith(".");
        var held = scenario.await(
                Counters.REFERENCE,
                "named in the progress",
                found -> found.status().progress() != null
                        && found.status().progress().heldBy() != null);
        assertThat(held.status().progress().heldBy()).containsExactly("query \"" + QUERY + "\" 7 > 5");
        long atRest = counters.batches();

        // and its query cannot become another one
        var other =
                scenario.kubectl().apply(Counters.migration(pace(Counters.SLOWLY, "SELECT 0", 5)), "--force-conflicts");
        assertThat(other.refused()).isTrue();
        assertThat(other.text()).contains("a migration that has started cannot be edited");
        assertThat(counters.batches()).as("batches while it is held").isEqualTo(atRest);

        // when the limit is raised, then it goes on in the same pod to a good end
        scenario.apply(Counters.migration(pace(Counters.FAST, QUERY, 10)));
        var applied = scenario.await(Counters.REFERENCE, Phase.Applied);
        counters.requireExactlyOnce();
        assertThat(counters.attempts()).isEqualTo(1);
        assertThat(((DataMigration) applied).getStatus().progress().heldBy()).isNullOrEmpty();
    }

    @Test
    void theTargetsHoldsCountForMigrationsWithoutTheirOwnAndMayChange(Scenario scenario) throws Exception {
        // given a target whose query is wrong
        var counters = Counters.create(scenario, 1_000);
        scenario.apply(target("{query: SELECT busy FROM no_such_table}"));
        scenario.apply(Counters.migration(Counters.FAST));
        assertThat(scenario.awaitMessage(Counters.REFERENCE, "Held/Throttled"))
                .contains("relation \"no_such_table\" does not exist");
        assertThat(counters.batches()).isZero();

        // when the target is corrected
        scenario.apply(target("{query: SELECT false}"));

        // then the migration goes on
        scenario.await(Counters.REFERENCE, Phase.Applied);
        counters.requireExactlyOnce();
    }

    private static String target(String hold) {
        return Written.TARGET + "  pace: {holdWhile: [%s]}\n".formatted(hold);
    }

    private static String pace(String pace, String query, int above) {
        return pace.replaceFirst("}$", "") + ", holdWhile: [{query: %s, above: %d}]}".formatted(query, above);
    }
}
