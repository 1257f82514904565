package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Migration;
import dev.cairn.crds.Phase;
import io.fabric8.kubernetes.api.model.Event;
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

    @Test
    void eachTimeThatItIsSuspendedIsCountedInOneEvent(Scenario scenario) {
        for (int times = 1; times <= 3; times++) {
            scenario.apply(Counters.migration(Counters.FAST, true));
            scenario.await(Counters.REFERENCE, Phase.Suspended);
            int count = times;
            scenario.eventually("an Event that came " + count + " times", () -> count == eventsOfSuspension(scenario));
            scenario.apply(Counters.migration(Counters.FAST, false));
            scenario.await(Counters.REFERENCE, Phase.Waiting);
        }
    }

    /** How often it says that it came; there is never more than one of them. */
    private static int eventsOfSuspension(Scenario scenario) {
        var events = scenario.client()
                .v1()
                .events()
                .inNamespace(scenario.namespace())
                .withField("reason", "Suspended")
                .list()
                .getItems();
        assertThat(events).hasSizeLessThan(2);
        return events.stream().mapToInt(Event::getCount).sum();
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
