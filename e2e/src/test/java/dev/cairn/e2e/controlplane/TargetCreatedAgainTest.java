package dev.cairn.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Api;
import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.Phase;
import dev.cairn.operator.job.Labels;
import dev.cairn.plan.Reason;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scope and schema of a target cannot change, but the target can be deleted and created again with others. */
@OnControlPlane
class TargetCreatedAgainTest {
    private static final String NAME = "SchemaMigration/add-mood";

    @ParameterizedTest
    @ValueSource(strings = {"scope: other", "scope: chat, ledger: {schema: elsewhere}"})
    void whatWasAppliedIsLostAndRunsOnlyWhenAsked(String ledger, ControlPlane plane) {
        var database = new FakeDatabase();
        try (var place = StandInNamespace.open(plane, "again", database)) {
            // given a migration that was applied
            place.apply(target("scope: chat"), StandInNamespace.schema("add-mood"));
            place.migrations().await(NAME, Phase.Applied);

            // when its target is created again with another place of the ledger, then nothing runs
            createAgain(place, ledger);
            assertThat(place.migrations().awaitMessage(NAME, "Lost/LedgerLost"))
                    .contains("MigrationTarget/chat was created again", "it was scope chat, schema cairn", Api.RETRY);
            assertThat(database.runs).hasValue(1);

            // and when the target is as it was, the migration is Applied again
            createAgain(place, "scope: chat");
            place.migrations().await(NAME, Phase.Applied);
            assertThat(database.runs).hasValue(1);

            // and a retry of what is Lost runs it as a new one
            createAgain(place, ledger);
            place.migrations().await(NAME, Phase.Lost);
            database.applied.clear();
            place.retry(NAME, "1");
            place.migrations().await(NAME, Phase.Applied);
            assertThat(database.runs).hasValue(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scope: other", "scope: chat, ledger: {schema: elsewhere}"})
    void whatHasBegunStopsAndGoesOnWhereItBegan(String ledger, ControlPlane plane) {
        var runs = new AtomicInteger();
        StandInKubelet.Script script = (migration, attempt) -> runs.incrementAndGet() == 1
                ? PodRun.ends(Reason.ConnectionLost, "no route to host")
                : new PodRun.Hangs();
        try (var place = StandInNamespace.open(plane, "again", script)) {
            // given a migration that has begun
            place.apply(target("scope: chat"), StandInNamespace.schema("add-mood"));
            place.migrations()
                    .await(
                            NAME,
                            "its first attempt",
                            found -> found.status() != null && found.status().attempts() != null);

            // when its target is created again with another place of the ledger, then it stops
            createAgain(place, ledger);
            assertThat(place.migrations().awaitMessage(NAME, "Suspended/TargetChanged"))
                    .contains("MigrationTarget/chat was created again", "Create the target as it was");
            assertThat(place.client()
                            .batch()
                            .v1()
                            .jobs()
                            .inNamespace(place.namespace())
                            .withLabel(Labels.NAME, "add-mood")
                            .list()
                            .getItems())
                    .allSatisfy(job -> assertThat(job.getSpec().getSuspend()).isTrue());

            // and when the target is as it was, it goes on by itself
            createAgain(place, "scope: chat");
            place.migrations().await(NAME, Phase.Running);
        }
    }

    private static void createAgain(StandInNamespace place, String ledger) {
        place.client()
                .resources(MigrationTarget.class)
                .inNamespace(place.namespace())
                .withName("chat")
                .delete();
        place.apply(target(ledger));
    }

    private static String target(String place) {
        return """
                apiVersion: cairn.dev/v1alpha1
                kind: MigrationTarget
                metadata: {name: chat}
                spec: {%s, connection: {secretRef: {name: chat-db}}}
                """.formatted(place);
    }
}
