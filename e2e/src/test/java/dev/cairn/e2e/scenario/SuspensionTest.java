package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Migration;
import dev.cairn.crds.Phase;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Whoever suspends wants the database to be left alone soon, and nothing to be lost by it. */
@OnCluster
@ResourceLock(value = OnCluster.OPERATOR, mode = ResourceAccessMode.READ)
class SuspensionTest {
    /** A promise to users, not a guess about this machine. */
    private static final Duration POD_GONE_WITHIN = Duration.ofSeconds(15);

    @Test
    void aSuspendedMigrationLeavesWithinSecondsAndGoesOnWhereItWas(Scenario scenario) throws Exception {
        var counters = Counters.create(scenario, 200_000).refusingStepsBack();
        counters.begin();

        scenario.apply(Counters.migration(Counters.SLOWLY, true));
        requireRest(scenario, counters, "Suspended");

        scenario.apply(Counters.migration(Counters.FAST, false));
        requireGoodEnd(scenario, counters);
    }

    @Test
    void aSuspendedTargetStopsItsMigrationsAndLetsThemGoOnWhereTheyWere(Scenario scenario) throws Exception {
        var counters = Counters.create(scenario, 200_000).refusingStepsBack();
        counters.begin();

        scenario.apply(Counters.target(true));
        requireRest(scenario, counters, "TargetSuspended");

        scenario.apply(Counters.migration(Counters.FAST));
        scenario.apply(Counters.target(false));
        requireGoodEnd(scenario, counters);
    }

    /** The pod is gone, and ledger, table and status agree on how far it came. */
    private static void requireRest(Scenario scenario, Counters counters, String reason) {
        Awaitility.await("the pod is gone")
                .atMost(POD_GONE_WITHIN)
                .until(() -> scenario.pods(Counters.REFERENCE).isEmpty());
        counters.requireRowsAsTheCheckpointSays();
        var checkpoint = String.valueOf(counters.checkpoint());
        var migration = scenario.await(
                Counters.REFERENCE,
                "rest at " + checkpoint,
                found -> found.status().phase() == Phase.Suspended && checkpoint.equals(cursor(found)));
        assertThat(migration.status().reason()).isEqualTo(reason);
        assertThat(counters.attempts()).isEqualTo(1);
    }

    private static void requireGoodEnd(Scenario scenario, Counters counters) {
        scenario.await(Counters.REFERENCE, Phase.Applied);
        counters.requireExactlyOnce();
        assertThat(counters.attempts()).isEqualTo(2);
    }

    private static String cursor(Migration migration) {
        return migration.status().checkpoint().ranges().getFirst().cursor();
    }
}
