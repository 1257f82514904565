package dev.cairn.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Steps that change a database's structure.
 *
 * @param targetRef where
 * @param dependsOn what must be Ready first
 * @param steps inline steps; empty when they come from ConfigMaps
 * @param stepsFrom ConfigMaps with steps; empty when they are inline
 * @param suspend whether to wait
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "has(self.steps) != has(self.stepsFrom)",
        message = "exactly one of steps and stepsFrom is required")
public record SchemaMigrationSpec(
        @Required @JsonPropertyDescription("The database that the migration runs on.")
        TargetRef targetRef,

        @Size(max = 64)
        @JsonPropertyDescription(
                "Migrations that must be Ready before this one starts. " + "It waits for one that does not exist yet.")
        List<Dependency> dependsOn,

        @Size(min = 1, max = 100)
        @JsonPropertyDescription(
                "The changes, in order. Each step is one transaction. A statement that PostgreSQL refuses "
                        + "inside a transaction, such as CREATE INDEX CONCURRENTLY, runs alone, between the "
                        + "transactions of its step.")
        List<Step> steps,

        @Size(min = 1, max = 16)
        @JsonPropertyDescription(
                "ConfigMaps with the steps. Each key that ends in .sql is a step. The keys of all ConfigMaps "
                        + "together run in version order (2_b.sql before 10_a.sql). They may hold at most 16 MiB of "
                        + "SQL. You may add keys at the end later. Cairn compares the contents of what ran, so you may "
                        + "rename the ConfigMaps.")
        List<StepSource> stepsFrom,

        @Default("false")
        @JsonPropertyDescription("true stops the migration, or keeps it from starting, until it is set to false.")
        boolean suspend)
        implements MigrationSpec {

    /** Missing lists are empty ones. */
    public SchemaMigrationSpec {
        dependsOn = copy(dependsOn);
        steps = copy(steps);
        stepsFrom = copy(stepsFrom);
    }

    static <T> List<T> copy(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    /**
     * One step.
     *
     * @param sql one or more statements
     */
    public record Step(
            @Required
            @Size(min = 1, max = 65_536)
            @JsonPropertyDescription("One or more SQL statements, separated by semicolons.")
            String sql) {}

    /**
     * Where steps come from.
     *
     * @param configMapRef a ConfigMap of the same namespace
     */
    public record StepSource(
            @Required @JsonPropertyDescription("A ConfigMap in the same namespace.")
            ConfigMapRef configMapRef) {}

    /**
     * A ConfigMap.
     *
     * @param name its name
     */
    public record ConfigMapRef(
            @Required @Size(min = 1, max = 253) @JsonPropertyDescription("Name of the ConfigMap.")
            String name) {}
}
