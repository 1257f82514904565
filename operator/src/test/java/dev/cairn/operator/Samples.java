package dev.cairn.operator;

import dev.cairn.crds.DataMigration;
import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.SchemaMigration;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.Serialization;

/** Resources for tests, written as users write them. */
public final class Samples {
    private Samples() {}

    public static MigrationTarget target(String spec) {
        return read(MigrationTarget.class, "chat", spec);
    }

    public static MigrationTarget target() {
        return target("{scope: chat, connection: {secretRef: {name: chat-db}}}");
    }

    public static SchemaMigration schema(String name, String spec) {
        return read(SchemaMigration.class, name, spec);
    }

    public static SchemaMigration schema(String name) {
        return schema(name, "{targetRef: {name: chat}, steps: [{sql: SELECT 1}]}");
    }

    public static DataMigration data(String name, String spec) {
        return read(DataMigration.class, name, spec);
    }

    private static <T extends CustomResource<?, ?>> T read(Class<T> type, String name, String spec) {
        return Serialization.unmarshal("""
                apiVersion: cairn.dev/v1alpha1
                kind: %s
                metadata: {name: %s, namespace: team, uid: uid-of-%s, generation: 1, creationTimestamp: "2026-01-01T00:00:00Z"}
                spec: %s
                """.formatted(type.getSimpleName(), name, name, spec), type);
    }
}
