package dev.cairn.e2e.benchmark;

import dev.cairn.e2e.Manifests;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The targets and migrations of a benchmark.
 *
 * @param shape how the migrations of a target depend on each other
 * @param migrations how many in all
 * @param targets how many in all, spread over the namespaces
 * @param namespaces the targets' namespaces, at least one
 */
record MigrationGraph(Shape shape, int migrations, int targets, List<String> namespaces) {
    /** How the n-th migration of a target depends on those before it. */
    enum Shape {
        /**
         * A tree of schema and data migrations. Each depends on the one with half its number. Every tenth also depends
         * on a migration of another target.
         */
        graph,
        /** A chain of schema migrations. Each depends on the one before it. */
        chain,
        /** Schema migrations without dependencies, which wait for their turn. */
        queue
    }

    /** All targets. */
    List<HasMetadata> targetObjects() {
        return IntStream.range(0, targets)
                .mapToObj(target -> object(target, """
                    apiVersion: cairn.dev/v1alpha1
                    kind: MigrationTarget
                    metadata: {name: target-%1$d}
                    spec: {scope: scope-%1$d, connection: {secretRef: {name: database-%1$d}}}
                    """.formatted(target)))
                .toList();
    }

    /** All migrations. Each comes after its dependencies. */
    Stream<HasMetadata> migrationObjects() {
        return IntStream.range(0, migrations).mapToObj(this::migration);
    }

    private HasMetadata migration(int number) {
        int target = number % targets;
        int n = number / targets;
        var head = """
            apiVersion: cairn.dev/v1alpha1
            kind: %s
            metadata: {name: %s}
            spec:
              targetRef: {name: target-%d}
              dependsOn: [%s]
            """.formatted(kind(n), name(target, n), target, String.join(", ", dependencies(target, n)));
        return object(target, head + work(n));
    }

    private List<String> dependencies(int target, int n) {
        if (n == 0) return List.of();
        return switch (shape) {
            case queue -> List.of();
            case chain -> List.of(reference(target, n - 1));
            case graph -> {
                // The targets of a namespace have the same remainder.
                int neighbour = (target + namespaces.size()) % targets;
                boolean sameNamespace = neighbour % namespaces.size() == target % namespaces.size();
                yield n % 10 == 0 && neighbour != target && sameNamespace
                        ? List.of(reference(target, n / 2), reference(neighbour, n / 2))
                        : List.of(reference(target, n / 2));
            }
        };
    }

    private String kind(int n) {
        return shape == Shape.graph && n % 2 == 1 ? "DataMigration" : "SchemaMigration";
    }

    private String reference(int target, int n) {
        return "{kind: %s, name: %s}".formatted(kind(n), name(target, n));
    }

    private static String name(int target, int n) {
        return "target-%d-migration-%d".formatted(target, n);
    }

    private String work(int n) {
        return kind(n).equals("SchemaMigration") ? """
              steps: [{sql: "ALTER TABLE messages ADD COLUMN mood_%d text"}]
            """.formatted(n) : """
                      over: {table: messages, as: m}
                      sql: UPDATE messages m SET mood_%d = 'calm' WHERE :batch
                    """.formatted(n - 1);
    }

    private HasMetadata object(int target, String yaml) {
        var object = Manifests.parse(yaml).getFirst();
        object.getMetadata().setNamespace(namespaces.get(target % namespaces.size()));
        return object;
    }
}
