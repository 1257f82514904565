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
 * @param conditions Ready: True once the database was reached, False while it cannot be, or while suspended
 * @param applied how many are done
 * @param running how many have a Job at work
 * @param waiting how many wait for something
 * @param planned how many were foretold, and wait for mode: Apply
 * @param failed how many need a person
 * @param queue those that wait for another migration, the next one first
 * @param ledger what was read of the database, null for nothing yet
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MigrationTargetStatus(
        @Default("-1")
        @JsonPropertyDescription(
                "The generation of the spec that this status speaks of; -1 when it was " + "not looked at yet.")
        long observedGeneration,

        @Nullable
        @Size(max = 8)
        @JsonPropertyDescription(
                "Ready: True once the database was reached; False while it cannot be, or while suspended.")
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
        List<String> queue,

        @Nullable @JsonPropertyDescription("What was read of the database's ledger.")
        Ledger ledger) {

    /**
     * That the ledger was read.
     *
     * @param connection a digest of where it is
     * @param request the value of the annotation that was answered, null for none
     * @param readAt when
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Ledger(
            @Size(max = 64)
            @JsonPropertyDescription(
                    "A digest of where the database is: another one is read anew, and what is Applied is asked again.")
            String connection,

            @Nullable
            @Size(max = 64)
            @JsonPropertyDescription("The value of the target's annotation cairn.dev/retry that was answered.")
            String request,

            @Size(max = 64) @JsonPropertyDescription("When all of it was read.")
            String readAt) {}
}
