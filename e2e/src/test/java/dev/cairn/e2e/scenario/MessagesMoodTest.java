package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import dev.cairn.e2e.Project;
import dev.cairn.e2e.demo.Messages;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example's story is one graph: the order of its files does not matter. */
@OnCluster
class MessagesMoodTest {
    private static final List<String> IN_ORDER = List.of(
            "SchemaMigration/messages-add-mood",
            "DataMigration/messages-backfill-mood",
            "SchemaMigration/messages-index-mood",
            "SchemaMigration/messages-drop-favorite");

    @Test
    void theExampleAppliedInReverseOrderEndsAppliedInTheOrderOfItsDependencies(Scenario scenario) throws Exception {
        // given a table with messages, some of them favorites
        try (var connection = scenario.connect()) {
            Messages.create(connection, 50_000);
        }

        // when the example's files are applied last to first
        for (var yaml : filesInReverse()) scenario.apply(yaml);

        // then everything is applied, each after what it depends on by the database's own clock
        for (var reference : IN_ORDER) scenario.await(reference, Phase.Applied);
        var ledger = scenario.ledger();
        assertThat(ledger).extracting(LedgerRow::reference).isEqualTo(IN_ORDER);
        for (int i = 1; i < ledger.size(); i++) {
            assertThat(ledger.get(i).started())
                    .isAfterOrEqualTo(ledger.get(i - 1).finished());
        }

        // and every message has the mood that its favorite said
        try (var connection = scenario.connect()) {
            var content = Messages.read(connection);
            assertThat(content.rows()).isEqualTo(50_000);
            assertThat(content.wrong()).isZero();
            assertThat(content.loved()).isPositive();
        }
    }

    private static List<String> filesInReverse() throws IOException {
        var texts = new ArrayList<String>();
        try (var files = Files.list(Project.example("01-messages-mood"))) {
            for (var file :
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList())
                texts.add(Files.readString(file));
        }
        Collections.reverse(texts);
        return texts;
    }
}
