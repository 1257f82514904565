package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import dev.cairn.e2e.Project;
import dev.cairn.e2e.demo.Messages;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What has run is the database's to know, not the cluster's. */
@OnCluster
class AppliedBeforeTest {
    private static final List<String> MIGRATIONS = List.of(
            "SchemaMigration/messages-add-mood",
            "DataMigration/messages-backfill-mood",
            "SchemaMigration/messages-index-mood",
            "SchemaMigration/messages-drop-favorite");

    @Test
    void aNewClusterBeforeAnOldDatabaseFindsEverythingAppliedAndWritesNothing(Scenario scenario) throws Exception {
        // given a database on which the example was applied
        try (var connection = scenario.connect()) {
            Messages.create(connection, 20_000);
        }
        applyExample(scenario);
        for (var reference : MIGRATIONS) scenario.await(reference, Phase.Applied);
        var written = contents(scenario);

        // when everything is deleted and applied again
        scenario.deleteEverything();
        applyExample(scenario);

        // then it is applied already, and no row was written: neither theirs nor the ledger's
        requireAppliedBefore(scenario);
        assertThat(contents(scenario)).isEqualTo(written);

        // and the same holds for another cluster
        var elsewhere = scenario.elsewhere();
        applyExample(elsewhere);
        requireAppliedBefore(elsewhere);
        assertThat(contents(scenario)).isEqualTo(written);
    }

    @Test
    void aMigrationThatIsDeletedInTheMiddleLeavesItsCheckpointAndNothingElse(Scenario scenario) throws Exception {
        // given a migration in the middle
        var counters = Counters.create(scenario, 200_000).refusingStepsBack();
        counters.begin();

        // when it is deleted, then its Job, pod and ConfigMaps go with it, and the pod has had its time to stop
        scenario.deleteEverything();
        counters.requireRowsAsTheCheckpointSays();
        assertThat(scenario.value("SELECT event FROM cairn.event ORDER BY id DESC LIMIT 1"))
                .isEqualTo("Stopped");

        // and when it is applied again, it goes on
        scenario.apply(Counters.TARGET);
        scenario.apply(Counters.migration(Counters.FAST));
        scenario.await(Counters.REFERENCE, Phase.Applied);
        counters.requireExactlyOnce();
        assertThat(counters.attempts()).isEqualTo(2);
    }

    private static void requireAppliedBefore(Scenario scenario) {
        for (var reference : MIGRATIONS) {
            var migration = scenario.await(reference, Phase.Applied);
            assertThat(migration.status().reason()).as(reference).isEqualTo("AlreadyApplied");
        }
    }

    /** Where each version of each row lies and which transaction wrote it: nothing can be written and leave this as it is. */
    private static List<String> contents(Scenario scenario) throws SQLException {
        var contents = new ArrayList<String>();
        for (var table : List.of(
                "messages",
                "pg_class",
                "cairn.version",
                "cairn.migration",
                "cairn.step",
                "cairn.walk",
                "cairn.range",
                "cairn.event"))
            contents.add(table + ": "
                    + scenario.value(
                            "SELECT count(*) || ' rows, ' || md5(string_agg(ctid || ':' || xmin, ' ' ORDER BY ctid)) FROM "
                                    + table));
        return contents;
    }

    private static void applyExample(Scenario scenario) throws IOException {
        try (var files = Files.list(Project.example("01-messages-mood"))) {
            for (var file :
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList())
                scenario.apply(Files.readString(file));
        }
    }
}
