package dev.cairn.operator.observe;

import dev.cairn.crds.Dependency;
import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationStatus;
import dev.cairn.crds.Phase;
import dev.cairn.operator.cache.ClusterCache;
import dev.cairn.operator.decide.Observation.DependencySeen;
import dev.cairn.plan.Identity;
import dev.cairn.plan.MigrationKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The dependencies of the migrations of one namespace. */
final class Dependencies {
    private final ClusterCache cache;
    private final String namespace;

    Dependencies(ClusterCache cache, String namespace) {
        this.cache = cache;
        this.namespace = namespace;
    }

    /** The dependencies of a migration, in its spec's order. */
    List<DependencySeen> of(Migration migration) {
        return migration.spec().dependsOn().stream().map(this::see).toList();
    }

    /**
     * The names of a migration's dependencies in their databases. A dependency that does not exist or has no target is
     * left out: its scope is unknown.
     */
    List<Identity> identities(Migration migration) {
        return migration.spec().dependsOn().stream()
                .flatMap(dependency -> find(dependency).stream())
                .flatMap(found -> cache
                        .target(namespace, found.spec().targetRef().name())
                        .stream()
                        .map(target -> identity(found, target.getSpec().scope())))
                .toList();
    }

    private static Identity identity(Migration migration, String scope) {
        return new Identity(
                scope, migration.migrationKind(), migration.getMetadata().getName());
    }

    /**
     * The existing migrations that a migration waits for.
     *
     * @param self the given migration, which is newer than its cached copy
     */
    List<String> open(String reference, Migration self) {
        var migration = reference.equals(self.reference()) ? Optional.of(self) : find(reference);
        return migration.stream()
                .flatMap(found -> found.spec().dependsOn().stream())
                .filter(dependency ->
                        find(dependency).filter(found -> !isReady(found)).isPresent())
                .map(Dependency::toString)
                .toList();
    }

    private DependencySeen see(Dependency dependency) {
        var found = find(dependency);
        return new DependencySeen(
                dependency.toString(),
                found.isPresent(),
                found.filter(Dependencies::isReady).isPresent(),
                found.map(Migration::status).map(Dependencies::stalledIn).orElse(null));
    }

    private Optional<Migration> find(Dependency dependency) {
        return cache.migration(dependency.kind(), namespace, dependency.name()).map(Migration.class::cast);
    }

    private Optional<Migration> find(String reference) {
        int slash = reference.indexOf('/');
        return cache.migration(
                        MigrationKind.valueOf(reference.substring(0, slash)), namespace, reference.substring(slash + 1))
                .map(Migration.class::cast);
    }

    /**
     * Whether it is Ready for its current generation. An edited migration is not Ready until it is reconciled again.
     */
    static boolean isReady(Migration migration) {
        var generation = migration.getMetadata().getGeneration();
        return Stream.ofNullable(migration.status())
                .flatMap(status -> Stream.ofNullable(status.conditions()))
                .flatMap(List::stream)
                .anyMatch(condition -> condition.type().equals("Ready")
                        && condition.status().equals("True")
                        && generation != null
                        && condition.observedGeneration() == generation);
    }

    private static @Nullable Phase stalledIn(MigrationStatus status) {
        return status.phase() != null && status.phase().needsAPerson() ? status.phase() : null;
    }
}
