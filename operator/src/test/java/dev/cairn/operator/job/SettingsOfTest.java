package dev.cairn.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.operator.Samples;
import dev.cairn.plan.Settings;
import org.junit.jupiter.api.Test;

class SettingsOfTest {
    private static final String FILL =
            "{targetRef: {name: chat}, over: {table: t}, sql: 'UPDATE t SET n = 1 WHERE :batch', pace: %s}";

    @Test
    void nothingSaidMeansTheDocumentedDefaults() {
        var settings =
                SettingsOf.settings(Samples.schema("add"), Samples.target().getSpec());
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
        var settings = SettingsOf.settings(Samples.schema("add"), target.getSpec());
        assertThat(settings.connection())
                .isEqualTo(new Settings.Connection("s", "h", 6432, "d", "verify-full", "ca/ca.crt", "book"));
        assertThat(settings.locks()).isEqualTo(new Settings.Locks(1_000, 60_000));
    }

    @Test
    void theMigrationsPaceComesBeforeTheTargets() {
        var target = Samples.target(
                "{scope: chat, connection: {secretRef: {name: s}}, pace: {batchDuration: 1s, maxRowsPerSecond: 9}}");
        var fill = Samples.data("fill", FILL.formatted("{maxRowsPerSecond: 5, batchSize: {initial: 7, min: 7}}"));
        assertThat(SettingsOf.settings(fill, target.getSpec()).pace())
                .isEqualTo(new Settings.Pace(1_000, 7, 7, 50_000, 5L));
    }

    @Test
    void aSmallUpperLimitBringsTheOthersDownWithIt() {
        var fill = Samples.data("fill", FILL.formatted("{batchSize: {max: 10}}"));
        assertThat(SettingsOf.settings(fill, Samples.target().getSpec()).pace())
                .isEqualTo(new Settings.Pace(200, 10, 10, 10, null));
    }
}
