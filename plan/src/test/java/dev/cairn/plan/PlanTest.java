package dev.cairn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Identity MESSAGES =
            new Identity("chat", MigrationKind.DataMigration, "messages-backfill-mood");
    private static final Plan BACKFILL = new Plan(
            MESSAGES,
            new Work.Backfill(
                    new Work.Over("messages", List.of("id"), "m"),
                    "UPDATE messages m SET mood = 'x' WHERE :batch",
                    null));

    @Test
    void theJsonFormIsStableSoThatALedgerOfAnOlderVersionStillMatches() {
        assertThat(new String(BACKFILL.toJson(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"migration\":{\"kind\":\"DataMigration\",\"name\":\"messages-backfill-mood\",\"scope\":\"chat\"},"
                                + "\"work\":{\"type\":\"backfill\",\"over\":{\"as\":\"m\",\"key\":[\"id\"],\"table\":\"messages\"},"
                                + "\"sql\":\"UPDATE messages m SET mood = 'x' WHERE :batch\"}}");
        assertThat(BACKFILL.hash()).matches("sha256:[0-9a-f]{64}");
    }

    @Test
    void everyKindOfWorkComesBackAsItWent() {
        var schema = new Plan(
                new Identity("chat", MigrationKind.SchemaMigration, "add"),
                new Work.Schema(List.of(new Work.Step("1", "SELECT 1"))));
        var once = new Plan(MESSAGES, new Work.Once("DELETE FROM t", "SELECT true"));
        var container = new Plan(
                MESSAGES, new Work.Container("shop/fill:1", List.of("/fill", "-v"), List.of(3), "SELECT true"));
        for (var plan :
                List.of(BACKFILL, held("SELECT busy FROM flags"), repeated("SELECT true"), schema, once, container)) {
            assertThat(Plan.fromJson(plan.toJson())).isEqualTo(plan);
        }
    }

    @Test
    void theQueriesThatMayHoldItAreAPartOfThePlan() {
        assertThat(held()).isEqualTo(BACKFILL);
        assertThat(held("SELECT busy FROM flags").hash())
                .isNotEqualTo(BACKFILL.hash())
                .isNotEqualTo(held("SELECT true").hash());
    }

    private static Plan held(String... queries) {
        var work = (Work.Backfill) BACKFILL.work();
        return new Plan(MESSAGES, new Work.Backfill(work.over(), work.sql(), null, null, List.of(queries), null));
    }

    @Test
    void whetherItWalksAgainIsAPartOfThePlan() {
        var once = new Plan(MESSAGES, new Work.Backfill(new Work.Over("t", List.of(), null), ":batch", "SELECT true"));
        assertThat(repeated("SELECT true").hash()).isNotEqualTo(once.hash());
        assertThatThrownBy(() -> repeated(null)).hasMessage("repeat: only with verify, which says when to end");
    }

    private static Plan repeated(String verify) {
        var over = new Work.Over("t", List.of(), null);
        return new Plan(MESSAGES, new Work.Backfill(over, ":batch", verify, null, null, Work.Repeat.UntilVerified));
    }

    @Test
    void aPlanOfANewerVersionIsRefusedInsteadOfHalfRead() {
        var newer = "{\"migration\":{\"kind\":\"DataMigration\",\"name\":\"n\",\"scope\":\"s\"},"
                + "\"work\":{\"type\":\"once\",\"sql\":\"x\",\"colour\":\"red\"}}";
        assertThatThrownBy(() -> Plan.fromJson(newer.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("colour");
    }

    @Test
    void aContainerSaysByItsExitCodeWhetherTryingAgainWouldHelp() {
        var container = new Work.Container("shop/fill:1", List.of("/fill"), List.of(3), null);
        assertThat(List.of(65, 3)).allMatch(container::isPermanent);
        assertThat(List.of(0, 1, 137)).noneMatch(container::isPermanent);
        assertThatThrownBy(() -> new Work.Container("i", List.of("/fill"), List.of(0), null))
                .hasMessageStartingWith("container.permanentExitCodes");
        assertThatThrownBy(() -> new Work.Container("i", List.of(), List.of(), null))
                .hasMessageStartingWith("container.command");
    }

    @Test
    void aBackfillWithoutItsPlaceholderIsRefused() {
        assertThatThrownBy(() -> new Work.Backfill(
                        new Work.Over("messages", List.of(), null), "UPDATE messages SET mood = 'x'", null))
                .hasMessageStartingWith("sql: contains :batch");
    }
}
