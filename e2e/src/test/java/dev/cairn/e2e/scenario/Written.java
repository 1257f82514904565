package dev.cairn.e2e.scenario;

/** Manifests that scenarios have in common. */
final class Written {
    /** The target {@code chat} on the scenario's own database. */
    static final String TARGET = target("chat", "chat", "chat-db-app");

    private Written() {}

    static String target(String name, String scope, String secret) {
        return """
                apiVersion: cairn.dev/v1alpha1
                kind: MigrationTarget
                metadata: {name: %s}
                spec:
                  scope: %s
                  connection:
                    secretRef: {name: %s}
                """.formatted(name, scope, secret);
    }

    /** A schema migration of one step on the target {@code chat}. */
    static String schema(String name, String sql) {
        return schema(name, "chat", sql);
    }

    static String schema(String name, String target, String sql) {
        return """
                apiVersion: cairn.dev/v1alpha1
                kind: SchemaMigration
                metadata: {name: %s}
                spec:
                  targetRef: {name: %s}
                  steps:
                  - sql: |
                %s
                """.formatted(name, target, sql.indent(6));
    }

    /**
     * A backfill on the target {@code chat}.
     *
     * @param rest the other fields of its spec, a line each
     */
    static String backfill(String name, String sql, String rest) {
        return """
                apiVersion: cairn.dev/v1alpha1
                kind: DataMigration
                metadata: {name: %s}
                spec:
                  targetRef: {name: chat}
                  sql: |
                %s
                %s
                """.formatted(name, sql.indent(4), rest.indent(2));
    }

    /** Such as {@code dependsOn(schema(…), "SchemaMigration", "other")}. */
    static String dependingOn(String kind, String name, String manifest) {
        return manifest + "  dependsOn:\n  - {kind: %s, name: %s}\n".formatted(kind, name);
    }

    static String configMap(String name, String... keysAndTexts) {
        var yaml = new StringBuilder("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\ndata:\n");
        for (int i = 0; i < keysAndTexts.length; i += 2)
            yaml.append("  ")
                    .append(keysAndTexts[i])
                    .append(": ")
                    .append(keysAndTexts[i + 1])
                    .append('\n');
        return yaml.toString();
    }

    /** A Secret; a second version adds keys and changes them. */
    static String secret(String name, String... keysAndTexts) {
        var yaml = new StringBuilder("apiVersion: v1\nkind: Secret\nmetadata: {name: " + name + "}\nstringData:\n");
        for (int i = 0; i < keysAndTexts.length; i += 2)
            yaml.append("  ")
                    .append(keysAndTexts[i])
                    .append(": \"")
                    .append(keysAndTexts[i + 1])
                    .append("\"\n");
        return yaml.toString();
    }
}
