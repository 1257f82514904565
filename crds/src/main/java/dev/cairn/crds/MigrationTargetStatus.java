package dev.cairn.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a target's migrations are doing.
 *
 * @param observedGeneration the generation that this status speaks of; -1 for none yet
 * @param conditions Ready: False while suspended, or when a field of the spec cannot be used
 * @param applied how many are done
 * @param running how many have a Job at work
 * @param waiting how many wait for something
 * @param planned how many were foretold, and wait for mode: Apply
 * @param failed how many need a person
 * @param queue those that wait for another migration, the next one first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MigrationTargetStatus(
        @Default("-1")
        @JsonPropertyDescription(
                "The generation of the spec that this status speaks of; -1 when it was " + "not looked at yet.")
        long observedGeneration,

        @Nullable
        @Size(max = 8)
        @JsonPropertyDescription("Ready: False while suspended, or when a field of the spec cannot be used.")
        List<Condition> conditions,

        @JsonPropertyDescription("Migrations that are done.")
        int applied,

        @JsonPropertyDescription("Migrations whose Job is at work.")
        int running,

        @JsonPropertyDescription("Migrations that wait for something.")
        int waiting,

        @JsonPropertyDescription("Dry runs that are done.") int planned,

        @JsonPropertyDescription("Migrations that need a person.")
        int failed,

        @Nullable @Size(max = 100) @JsonPropertyDescription("Migrations that wait for another one, the next one first.")
        List<String> queue) {}
