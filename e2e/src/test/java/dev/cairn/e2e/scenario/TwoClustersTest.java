package dev.cairn.e2e.scenario;

import dev.cairn.crds.Condition;
import dev.cairn.crds.DataMigration;
import dev.cairn.crds.Phase;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing keeps two clusters from being pointed at one database: neither knows of the other. */
@OnCluster
class TwoClustersTest {
    @Test
    void theSameMigrationInTwoClustersAtOnceChangesEachRowOnceAndTheLoserSaysThatItWasFenced(Scenario scenario)
            throws Exception {
        // given one database
        var counters = Counters.create(scenario, 200_000);
        var other = scenario.elsewhere();
        try (var here = scenario.watch(DataMigration.class);
                var there = other.watch(DataMigration.class)) {

            // when the migration is under way in one cluster and begins in another
            counters.begin();
            other.apply(Counters.TARGET);
            other.apply(Counters.migration(Counters.SLOWLY));

            // then the one that lost it says so
            scenario.eventually(
                    "a word about the other start",
                    () -> messages(here, there).anyMatch(message -> message.contains("was taken over by dmig-touch-")));

            // and both end well, with every row changed once
            for (var cluster : List.of(scenario, other)) cluster.apply(Counters.migration(Counters.FAST));
            for (var cluster : List.of(scenario, other)) cluster.await(Counters.REFERENCE, Phase.Applied);
            counters.requireExactlyOnce();
        }
    }

    private static Stream<String> messages(Sightings<DataMigration> here, Sightings<DataMigration> there) {
        return Stream.of(here, there)
                .flatMap(versions -> versions.versions().stream())
                .map(DataMigration::getStatus)
                .filter(Objects::nonNull)
                .flatMap(status -> Stream.ofNullable(status.conditions()))
                .flatMap(List::stream)
                .map(Condition::message);
    }
}
