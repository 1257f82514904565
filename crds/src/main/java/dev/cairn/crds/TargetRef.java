package dev.cairn.crds;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * A MigrationTarget of the same namespace.
 *
 * @param name its name
 */
public record TargetRef(
        @Required @Size(min = 1, max = 253) @JsonPropertyDescription("Name of a MigrationTarget in the same namespace.")
        String name) {}
