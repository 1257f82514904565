package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.DataMigration;
import dev.cairn.crds.Migration;
import dev.cairn.crds.Phase;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Maintenance, a failover, a power cut: nobody has to look after the migrations of a database that comes back. */
@OnCluster
@Order(2)
class DatabaseOutageTest {
    private static final Duration OUTAGE = Duration.ofMinutes(1);

    @Test
    void aDatabaseThatIsAwayForAMinuteFindsItsMigrationWaiting(@OwnServer Scenario scenario) throws Exception {
        // given a migration in the middle
        var counters = Counters.create(scenario, 200_000).refusingStepsBack();
        counters.begin();

        // when the database is stopped, then for a minute the status says that it tries again, and why
        scenario.server().stop();
        var migration = scenario.await(
                Counters.REFERENCE,
                "Retrying without a connection",
                found -> "Retrying".equals(found.status().reason())
                        && message(found).contains("no connection"));
        assertThat(message(migration)).contains("tries again by itself");
        Awaitility.await("a minute of trying again")
                .during(OUTAGE)
                .atMost(OUTAGE.multipliedBy(2))
                .until(() -> "Retrying".equals(now(scenario).status().reason()));

        // and when it is back, the migration goes on by itself
        scenario.server().start();
        counters.goesOn();
        scenario.apply(Counters.migration(Counters.FAST));
        scenario.await(Counters.REFERENCE, Phase.Applied);
        counters.requireExactlyOnce();
    }

    @Test
    void aDatabaseThatForgetsItsLastCommitsInACrashForgetsTheirCheckpointsToo(@OwnServer Scenario scenario)
            throws Exception {
        var counters = Counters.create(scenario, 200_000).refusingStepsBack();
        counters.begin();

        for (int crash = 0; crash < 3; crash++) {
            scenario.server().crash();
            scenario.server().start();
            counters.requireRowsAsTheCheckpointSays();
            counters.goesOn();
        }

        scenario.apply(Counters.migration(Counters.FAST));
        scenario.await(Counters.REFERENCE, Phase.Applied);
        counters.requireExactlyOnce();
    }

    private static Migration now(Scenario scenario) {
        return scenario.client()
                .resources(DataMigration.class)
                .inNamespace(scenario.namespace())
                .withName("touch")
                .get();
    }

    private static String message(Migration migration) {
        return migration.status().conditions().getFirst().message();
    }
}
