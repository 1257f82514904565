package dev.cairn.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status of a migration, for people and tools. Timestamps are RFC 3339 in UTC.
 *
 * @param observedGeneration the generation that this status describes; -1 for none yet
 * @param phase where it is
 * @param reason why, one word
 * @param conditions Ready; Reconciling and Stalled while they are true
 * @param planHash of the plan that runs or ran
 * @param contentHash of what that plan does, without its name and scope; null while there is no plan
 * @param ledger where its database records what ran; null before it had a Job
 * @param job the Job's name
 * @param retry the last value of {@link Api#RETRY} that the operator acted on
 * @param attempts starts so far, as the ledger counts them
 * @param display texts for the columns of kubectl
 * @param progress how far it is
 * @param checkpoint where a restart continues
 * @param forecast the estimate of a dry run
 * @param history the last 20 changes of phase
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MigrationStatus(
        @Default("-1")
        @JsonPropertyDescription(
                "The generation of the spec that this status describes; -1 before the operator has read the "
                        + "resource.")
        long observedGeneration,

        @Nullable
        @JsonPropertyDescription("Waiting, Queued, Held, Suspended, Running, Planned, Applied, Lost or Failed.")
        Phase phase,

        @Nullable @Size(max = 64) @JsonPropertyDescription("Why it is in this phase, one word.")
        String reason,

        @Nullable
        @Size(max = 8)
        @JsonPropertyDescription(
                "Ready: the migration is applied. Reconciling: it is in progress or waits. Stalled: a person "
                        + "must act. Reconciling and Stalled are present only while they are true. The message says "
                        + "what happened and what to do.")
        List<Condition> conditions,

        @Nullable @Size(max = 71) @JsonPropertyDescription("Checksum of the plan that runs or ran.")
        String planHash,

        @Nullable
        @Size(max = 71)
        @JsonPropertyDescription(
                "Checksum of what the plan does, without its name and the target's scope. The same change "
                        + "has the same checksum on every database. docs/concepts/checksums.md describes it.")
        String contentHash,

        @Nullable
        @JsonPropertyDescription("Where the database records what ran, as the target said when the Job was made.")
        Ledger ledger,

        @Nullable @Size(max = 63) @JsonPropertyDescription("The Job that runs or ran it.")
        String job,

        @Nullable
        @Size(max = 63)
        @JsonPropertyDescription("The last value of the annotation cairn.dev/retry that the operator acted on.")
        String retry,

        @Nullable @JsonPropertyDescription("How many times a pod started this migration, as the database counts it.")
        Integer attempts,

        @Nullable @JsonPropertyDescription("Texts for the columns of kubectl get.")
        Display display,

        @Nullable @JsonPropertyDescription("The progress, at most 15 seconds old.")
        Progress progress,

        @Nullable @JsonPropertyDescription("Where a restart continues: a copy of the checkpoint in the database.")
        Checkpoint checkpoint,

        @Nullable @JsonPropertyDescription("The estimate of a dry run.")
        Forecast forecast,

        @Nullable @Size(max = 20) @JsonPropertyDescription("The last changes of phase, newest last.")
        List<Change> history) {

    /** Of an object that was not looked at yet. */
    public static final MigrationStatus NONE =
            new MigrationStatus(-1, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    /** A copy with another hash of its content. */
    public MigrationStatus withContentHash(@Nullable String hash) {
        return with(observedGeneration, phase, reason, conditions, hash, ledger, history);
    }

    /** A copy with another place of its ledger. */
    public MigrationStatus withLedger(@Nullable Ledger place) {
        return with(observedGeneration, phase, reason, conditions, contentHash, place, history);
    }

    /** The same in another phase, or in this one for another reason. */
    public MigrationStatus withPhase(
            long generation, Phase now, String why, List<Condition> said, List<Change> changes) {
        return with(generation, now, why, said, contentHash, ledger, changes);
    }

    private MigrationStatus with(
            long newGeneration,
            @Nullable Phase newPhase,
            @Nullable String newReason,
            @Nullable List<Condition> newConditions,
            @Nullable String newContentHash,
            @Nullable Ledger newLedger,
            @Nullable List<Change> newHistory) {
        return new MigrationStatus(
                newGeneration,
                newPhase,
                newReason,
                newConditions,
                planHash,
                newContentHash,
                newLedger,
                job,
                retry,
                attempts,
                display,
                progress,
                checkpoint,
                forecast,
                newHistory);
    }

    /**
     * The place of a migration in a ledger. It comes from the target. A target can be deleted and created again with
     * another place; a migration that has begun must not begin again there.
     *
     * @param scope of the target
     * @param schema of the ledger
     */
    public record Ledger(
            @Required @Size(max = 63) @JsonPropertyDescription("spec.scope of the target.")
            String scope,

            @Required @Size(max = 63) @JsonPropertyDescription("spec.ledger.schema of the target.")
            String schema) {
        /** Such as {@code scope chat, schema cairn}. */
        @Override
        public String toString() {
            return "scope " + scope + ", schema " + schema;
        }
    }

    /**
     * Columns of kubectl.
     *
     * @param progress such as {@code 62%}
     * @param rate such as {@code 8.1k/s}
     * @param eta such as {@code 4m}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Display(
            @Nullable
            @Size(max = 32)
            @JsonPropertyDescription("Such as 62%, 62% of walk 2, 62% verified, or 2/3 steps.")
            String progress,

            @Nullable @Size(max = 32) @JsonPropertyDescription("Rows walked a second, such as 8.1k/s.")
            String rate,

            @Nullable @Size(max = 32) @JsonPropertyDescription("Time left at this rate, such as 4m.")
            String eta) {}

    /**
     * How far a migration is.
     *
     * @param stepsDone of a schema migration
     * @param steps of a schema migration
     * @param rows changed
     * @param walk which one, from the second on
     * @param walked keys walked in it
     * @param estimatedRows keys to walk in it
     * @param verified keys that verify has checked
     * @param rowsPerSecond keys walked a second
     * @param estimatedCompletion when, at this rate
     * @param batchSize of the next batch
     * @param skipped rows that failed and were skipped
     * @param heldBy what it waits for
     * @param impact its effect on the database
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Progress(
            @Nullable @JsonPropertyDescription("Steps that are applied.")
            Integer stepsDone,

            @Nullable @JsonPropertyDescription("Steps in all.")
            Integer steps,

            @Nullable @JsonPropertyDescription("Rows changed so far, by all attempts.")
            Long rows,

            @Nullable
            @JsonPropertyDescription(
                    "With repeat: UntilVerified, the number of this walk over the table. Empty in the first walk.")
            Integer walk,

            @Nullable
            @JsonPropertyDescription(
                    "Rows walked so far in this walk, by all attempts. Rows that did not change count, too.")
            Long walked,

            @Nullable
            @JsonPropertyDescription("Rows of this walk: the estimate of the server's statistics at its start.")
            Long estimatedRows,

            @Nullable @JsonPropertyDescription("Rows that verify has checked so far, where verify runs batch by batch.")
            Long verified,

            @Nullable @JsonPropertyDescription("Rows walked a second, over the last ten seconds.")
            Long rowsPerSecond,

            @Nullable @Size(max = 40) @JsonPropertyDescription("When it will be done at this rate.")
            String estimatedCompletion,

            @Nullable @JsonPropertyDescription("Rows of the next batch.")
            Long batchSize,

            @Nullable
            @JsonPropertyDescription("Rows that failed and were skipped. The ledger's table skipped names them.")
            Long skipped,

            @Nullable
            @Size(max = 16)
            @JsonPropertyDescription(
                    "The holds that make the backfill wait, each with its value and its limit, such as "
                            + "replicationLag 7.2s > 5s.")
            List<String> heldBy,

            @Nullable @JsonPropertyDescription("The effect on the database.")
            Impact impact) {}

    /**
     * The effect of a backfill on the database.
     *
     * @param order of the walk
     * @param rowsPerTransaction the most in a batch
     * @param lockMillis the longest that a batch held its row locks
     * @param hotPercent of the rows updated
     * @param heapGrowthBytes of the table
     * @param walBytesPerRow of the whole server
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Impact(
            @Nullable
            @Size(max = 16)
            @JsonPropertyDescription(
                    "Plain: in the order of the key. Striped: every 8th or 16th row first, so that new row versions "
                            + "stay on their page.")
            String order,

            @Nullable @JsonPropertyDescription("The most rows that a batch of the last ten seconds walked.")
            Long rowsPerTransaction,

            @Nullable
            @JsonPropertyDescription(
                    "The longest that a batch of the last ten seconds held its row locks, in milliseconds.")
            Long lockMillis,

            @Nullable
            @JsonPropertyDescription(
                    "Share of the updated rows that stayed on their page and changed no index, in percent.")
            Integer hotPercent,

            @Nullable @JsonPropertyDescription("How much the table has grown since the pod started, in bytes.")
            Long heapGrowthBytes,

            @Nullable
            @JsonPropertyDescription(
                    "WAL for each row changed since the pod started, in bytes. It is the WAL of the whole "
                            + "server, so it includes the writes of others.")
            Long walBytesPerRow) {}

    /**
     * A copy of the ledger's checkpoints.
     *
     * @param at when the last batch was committed
     * @param ranges one for each part of the table
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Checkpoint(
            @Nullable @Size(max = 40) @JsonPropertyDescription("When the last batch was committed.")
            String at,

            @Size(max = 32) @JsonPropertyDescription("The ranges of keys, each with its checkpoint.")
            List<Range> ranges) {
        /** Copies the list. */
        public Checkpoint {
            ranges = SchemaMigrationSpec.copy(ranges);
        }
    }

    /**
     * One range. Keys are cut to 64 characters.
     *
     * @param from the key before the first
     * @param to the last key
     * @param cursor the last key that is committed
     * @param rows changed in it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Range(
            @Nullable
            @Size(max = 64)
            @JsonPropertyDescription("The key before the first one; empty for the start of the table.")
            String from,

            @Nullable @Size(max = 64) @JsonPropertyDescription("The last key.")
            String to,

            @Nullable @Size(max = 64) @JsonPropertyDescription("The last key that is committed.")
            String cursor,

            @JsonPropertyDescription("Rows changed in it.") long rows) {}

    /**
     * The estimate of a dry run.
     *
     * @param rows keys to walk
     * @param changes rows that the statement would change
     * @param batches transactions
     * @param batchRows rows of each
     * @param duration such as {@code 12m}
     * @param measured whether batches ran; false for statistics
     * @param key the index whose order the walk follows
     * @param warnings what to look at first
     * @param queryPlan of one batch
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Forecast(
            @JsonPropertyDescription("Rows to walk: the estimate of the server's statistics.")
            long rows,

            @Nullable @JsonPropertyDescription("Rows that the statement would change: an estimate.")
            Long changes,

            @JsonPropertyDescription("How many batches: one transaction each.")
            long batches,

            @JsonPropertyDescription("Rows of a batch.") long batchRows,

            @Size(max = 32) @JsonPropertyDescription("The estimated duration at this pace, such as 12m.")
            String duration,

            @JsonPropertyDescription(
                    "true: the duration comes from batches that ran and were rolled back (dryRun.execute). "
                            + "false: it comes from statistics.")
            boolean measured,

            @Size(max = 1000) @JsonPropertyDescription("The index whose order the walk follows, and its columns.")
            String key,

            @Nullable
            @Size(max = 8)
            @JsonPropertyDescription("What to check before you apply it, each with its remedy.")
            List<String> warnings,

            @Nullable
            @Size(max = 4096)
            @JsonPropertyDescription(
                    "The server's plan of one batch, as EXPLAIN prints it; the pod's log has all of it.")
            String queryPlan) {}

    /**
     * One change of phase.
     *
     * @param at when
     * @param event phase and reason, such as {@code Running/Starting}
     */
    public record Change(
            @Size(max = 40) @JsonPropertyDescription("When.")
            String at,

            @Size(max = 128) @JsonPropertyDescription("Phase and reason.")
            String event) {}
}
