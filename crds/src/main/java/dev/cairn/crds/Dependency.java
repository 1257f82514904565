package dev.cairn.crds;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.cairn.plan.MigrationKind;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * Something of the same namespace that must be Ready first.
 *
 * @param kind which resource
 * @param name its name
 */
public record Dependency(
        @Required @JsonPropertyDescription("SchemaMigration or DataMigration.")
        MigrationKind kind,

        @Required @Size(min = 1, max = 253) @JsonPropertyDescription("Name of the migration, in the same namespace.")
        String name) {

    /** Such as {@code SchemaMigration/messages-add-mood}. */
    @Override
    public String toString() {
        return kind + "/" + name;
    }
}
