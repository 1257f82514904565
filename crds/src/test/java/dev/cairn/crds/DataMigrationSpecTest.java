package dev.cairn.crds;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataMigrationSpecTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{targetRef: {name: chat}, sql: 'UPDATE t SET n = 1 WHERE :batch', over: {table: t}, mode: DryRun, dryRun: {execute: true}}",
                "{targetRef: {name: chat}, sql: 'UPDATE t SET n = 1 WHERE :batch', over: {table: t, key: [a, b]}, onRowError: Skip, maxSkippedRows: 5, repeat: UntilVerified, mode: Apply}",
                "{targetRef: {name: chat}, container: {image: i, command: [a], permanentExitCodes: [3]}, verify: SELECT true, suspend: true}"
            })
    void aSpecComesBackAsItWas(String yaml) {
        var spec = Serialization.unmarshal("---\n" + yaml, DataMigrationSpec.class);
        assertThat(Serialization.unmarshal(Serialization.asJson(spec), DataMigrationSpec.class))
                .isEqualTo(spec);
    }
}
