package dev.cairn.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status of a target and a summary of its migrations.
 *
 * @param observedGeneration the generation that this status describes; -1 for none yet
 * @param conditions Ready: True after a Job reached the database, False while it is unreachable or the target is
 *     suspended
 * @param applied how many are applied
 * @param running how many have a running Job
 * @param waiting how many wait for something
 * @param planned how many dry runs are done and wait for mode: Apply
 * @param failed how many failed: a person must act
 * @param queue migrations that wait for another one, the next one first
 * @param ledger what was read of the database's ledger, null before the first read
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MigrationTargetStatus(
        @Default("-1")
        @JsonPropertyDescription(
                "The generation of the spec that this status describes; -1 before the operator has read the "
                        + "resource.")
        long observedGeneration,

        @Nullable
        @Size(max = 8)
        @JsonPropertyDescription(
                "Ready: True after a Job reached the database; False while the database is unreachable. "
                        + "Suspended: present, and True, while spec.suspend is true.")
        List<Condition> conditions,

        @JsonPropertyDescription("Migrations that are applied.")
        int applied,

        @JsonPropertyDescription("Migrations whose Job runs.")
        int running,

        @JsonPropertyDescription("Migrations that wait for something.")
        int waiting,

        @JsonPropertyDescription("Dry runs that are done.") int planned,

        @JsonPropertyDescription("Migrations that failed: a person must act.")
        int failed,

        @Nullable @Size(max = 100) @JsonPropertyDescription("Migrations that wait for another one, the next one first.")
        List<String> queue,

        @Nullable @JsonPropertyDescription("The last read of the database's ledger.")
        Ledger ledger) {

    /**
     * The last read of the ledger.
     *
     * @param connection a digest of the database's address
     * @param request the value of the annotation that caused it, null for none
     * @param readAt when
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Ledger(
            @Size(max = 64)
            @JsonPropertyDescription(
                    "A digest of the database's address. When the address changes, the operator reads the ledger "
                            + "again, also for migrations that are Applied.")
            String connection,

            @Nullable
            @Size(max = 64)
            @JsonPropertyDescription(
                    "The last value of the target's annotation cairn.dev/retry that the operator acted on.")
            String request,

            @Size(max = 64) @JsonPropertyDescription("When all of it was read.")
            String readAt) {}
}
