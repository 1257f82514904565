package dev.cairn.operator.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTarget;
import dev.cairn.operator.Samples;
import dev.cairn.plan.HoldCondition;
import dev.cairn.plan.HoldSignal;
import dev.cairn.plan.Settings;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsMapperTest {
    private static final String FILL =
            "{targetRef: {name: chat}, over: {table: t}, sql: 'UPDATE t SET n = 1 WHERE :batch', pace: %s}";

    @Test
    void nothingSaidMeansTheDocumentedDefaults() {
        var settings =
                SettingsMapper.settings(Samples.schema("add"), Samples.target().getSpec());
        assertThat(settings)
                .isEqualTo(new Settings(
                        new Settings.Connection("chat-db", null, null, null, "require", null, "cairn"),
                        new Settings.Locks(2_000, 600_000),
                        new Settings.Pace(200, 1000, 100, 50_000, null)));
    }

    @Test
    void theTargetsConnectionIsTakenOver() {
        var target = Samples.target(
                "{scope: chat, connection: {secretRef: {name: s}, host: h, port: 6432, database: d, sslRootCert: {secretKeyRef: {name: ca, key: ca.crt}}}, ledger: {schema: book}, locks: {timeout: 1s, retryFor: 1m}}");
        var settings = SettingsMapper.settings(Samples.schema("add"), target.getSpec());
        assertThat(settings.connection())
                .isEqualTo(new Settings.Connection("s", "h", 6432, "d", "verify-full", "ca/ca.crt", "book"));
        assertThat(settings.locks()).isEqualTo(new Settings.Locks(1_000, 60_000));
    }

    @Test
    void aTargetMayKeepKeysToItself() {
        var target = Samples.target("{scope: chat, connection: {secretRef: {name: s}}, report: {keys: false}}");
        var settings = SettingsMapper.settings(Samples.schema("add"), target.getSpec());
        assertThat(settings.showsKeys()).isFalse();
        assertThat(settings.with(List.of()).showsKeys()).isFalse();
    }

    @Test
    void theMigrationsPaceComesBeforeTheTargets() {
        var target = Samples.target(
                "{scope: chat, connection: {secretRef: {name: s}}, pace: {batchDuration: 1s, maxRowsPerSecond: 9}}");
        var fill = Samples.data("fill", FILL.formatted("{maxRowsPerSecond: 5, batchSize: {initial: 7, min: 7}}"));
        assertThat(SettingsMapper.settings(fill, target.getSpec()).pace())
                .isEqualTo(new Settings.Pace(1_000, 7, 7, 50_000, 5L));
    }

    @Test
    void aSmallUpperLimitBringsTheOthersDownWithIt() {
        var fill = Samples.data("fill", FILL.formatted("{batchSize: {max: 10}}"));
        assertThat(SettingsMapper.settings(fill, Samples.target().getSpec()).pace())
                .isEqualTo(new Settings.Pace(200, 10, 10, 10, null));
    }

    @Test
    void everyHoldIsTakenOverWithItsLimit() {
        var fill = Samples.data("fill", FILL.formatted("""
                {holdWhile: [
                  {signal: replicationLag, above: 5s, replicas: 2},
                  {signal: replicationLag, above: 1m30s},
                  {signal: replicationLag, above: 5s, secretRef: {name: chat-db-replica}},
                  {signal: deadTuples, above: "3000000000"},
                  {signal: oldestTransaction, above: 10m},
                  {signal: walToArchive, above: "64"},
                  {signal: blockedSessions, above: 10},
                  {query: SELECT 1, above: "0.5"},
                  {query: SELECT busy FROM flags}]}"""));
        assertThat(holds(fill, Samples.target()))
                .containsExactly(
                        HoldCondition.Signal.replicationLag(5_000, 2),
                        HoldCondition.Signal.replicationLag(90_000, 1),
                        HoldCondition.Signal.replicaLag(5_000, "chat-db-replica"),
                        new HoldCondition.Signal(HoldSignal.DEAD_TUPLES, 3_000_000_000L),
                        new HoldCondition.Signal(HoldSignal.OLDEST_TRANSACTION, 600_000),
                        new HoldCondition.Signal(HoldSignal.WAL_TO_ARCHIVE, 64),
                        new HoldCondition.Signal(HoldSignal.BLOCKED_SESSIONS, 10),
                        new HoldCondition.Query("SELECT 1", new BigDecimal("0.5"), true),
                        new HoldCondition.Query("SELECT busy FROM flags", null, true));
    }

    @Test
    void theMigrationsListOfHoldsReplacesTheTargets() {
        var target = Samples.target(
                "{scope: chat, connection: {secretRef: {name: s}},"
                        + " pace: {holdWhile: [{query: SELECT busy FROM flags}, {signal: deadTuples, above: 5, suspend: true}]}}");
        assertThat(holds(Samples.data("fill", FILL.formatted("{maxRowsPerSecond: 5}")), target))
                .containsExactly(new HoldCondition.Query("SELECT busy FROM flags", null, false));
        assertThat(holds(Samples.data("fill", FILL.formatted("{holdWhile: []}")), target))
                .isEmpty();
        assertThat(holds(Samples.schema("add"), target)).isEmpty();
        var once = Samples.data("once", "{targetRef: {name: chat}, sql: DELETE FROM t}");
        assertThat(holds(once, target)).isEmpty();
    }

    @Test
    void aTargetsFieldThatCannotBeUsedIsNamed() {
        var none = Samples.target("{scope: chat, connection: {secretRef: {name: s}}, locks: {timeout: 0s}}");
        assertThatThrownBy(() -> SettingsMapper.settings(Samples.schema("add"), none.getSpec()))
                .hasMessage("spec.locks.timeout of MigrationTarget/chat is 0s, and must be more than zero, such as 2s");
        var much = Samples.target(
                "{scope: chat, connection: {secretRef: {name: s}}, locks: {timeout: 2s, retryFor: 9999999999s}}");
        assertThatThrownBy(() -> SettingsMapper.settings(Samples.schema("add"), much.getSpec()))
                .hasMessageStartingWith("spec.locks.retryFor of MigrationTarget/chat: not a duration");
    }

    @Test
    void aLimitThatIsNoneIsNamed() {
        var fill = Samples.data("fill", FILL.formatted("{holdWhile: [{signal: deadTuples, above: 5s}]}"));
        assertThatThrownBy(() -> holds(fill, Samples.target()))
                .hasMessage("pace.holdWhile.above: not a whole number: \"5s\"");
    }

    private static List<HoldCondition> holds(Migration migration, MigrationTarget target) {
        return SettingsMapper.settings(migration, target.getSpec()).pace().holds();
    }
}
