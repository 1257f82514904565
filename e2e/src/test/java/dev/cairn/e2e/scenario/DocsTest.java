package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import dev.cairn.e2e.demo.Messages;
import dev.cairn.e2e.docs.Page;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manifests of the documentation, on a real API server and a real database. */
@OnCluster
class DocsTest {
    @Test
    void everyManifestIsTakenAsItStands(Scenario scenario) {
        var manifests = Stream.concat(
                        Page.all().stream().flatMap(page -> page.blocks("yaml").stream()),
                        Page.examples().stream().map(Page::text))
                .toList();
        assertThat(manifests).hasSizeGreaterThan(5).allSatisfy(manifest -> {
            var answer = scenario.kubectl().apply(manifest, "--dry-run=server");
            assertThat(answer.refused()).as(manifest + answer.text()).isFalse();
        });
    }

    @Test
    void theReadmesExampleRunsAsItStands(Scenario scenario) throws Exception {
        // given the table of which it speaks
        try (var connection = scenario.connect()) {
            Messages.create(connection, 20_000);
        }

        // when the example is applied
        var answer = scenario.kubectl().apply(readme().blocks("yaml").getFirst());
        assertThat(answer.refused()).as(answer.text()).isFalse();

        // then it does what it says, in the order that it says
        var inOrder = List.of(
                "SchemaMigration/messages-add-mood",
                "DataMigration/messages-backfill-mood",
                "SchemaMigration/messages-drop-favorite");
        for (var reference : inOrder) scenario.await(reference, Phase.Applied);
        assertThat(scenario.ledger()).extracting(LedgerRow::reference).isEqualTo(inOrder);
        try (var connection = scenario.connect()) {
            var content = Messages.read(connection);
            assertThat(content.rows()).isEqualTo(20_000);
            assertThat(content.wrong()).isZero();
        }

        // and kubectl shows the columns that the page shows
        var shown = readme().blocks("console").getFirst();
        var columns = "NAME +TARGET +PHASE +REASON +PROGRESS +RATE +ETA +AGE";
        assertThat(shown).containsPattern(columns);
        assertThat(scenario.kubectl().run("get", "migrations").text()).containsPattern(columns);
    }

    private static Page readme() {
        return Page.all().stream()
                .filter(page -> page.file().equals(Path.of("README.md")))
                .findFirst()
                .orElseThrow();
    }
}
