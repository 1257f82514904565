package dev.cairn.operator.decide;

import dev.cairn.crds.Phase;
import dev.cairn.plan.LedgerState;
import dev.cairn.plan.Progress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All facts for a decision.
 *
 * @param self such as {@code DataMigration/messages-backfill-mood}
 * @param suspended whether its spec says so
 * @param retry the value of the annotation {@code cairn.dev/retry}, empty for none
 * @param policy what its target allows at present
 * @param plan the plan that it would run now
 * @param dependencies what must be Ready first, in the spec's order
 * @param cycle the path from it through unfinished dependencies back to it, with both ends; empty for none
 * @param past the last published status
 * @param job its Job, null for none
 * @param progress the last answer of the newest pod's runner
 * @param ahead migrations before it on the target: first the running one, then the waiting ones
 * @param ledger the ledger's answer about it in its present form, null where the ledger was not asked
 * @param ledgerAwaited whether the ledger is being asked, together with many others
 * @param runnerImage the image that new Jobs get
 * @param rendered the digest of a new Job's pod inputs; empty without a target
 * @param now the present time
 */
public record Observation(
        String self,
        boolean suspended,
        String retry,
        EffectivePolicy policy,
        PlanSeen plan,
        List<DependencySeen> dependencies,
        List<String> cycle,
        Past past,
        @Nullable JobSeen job,
        Sighting progress,
        List<String> ahead,
        @Nullable LedgerSeen ledger,
        boolean ledgerAwaited,
        String runnerImage,
        String rendered,
        Instant now) {
    /** Copies the lists. */
    public Observation {
        dependencies = List.copyOf(dependencies);
        cycle = List.copyOf(cycle);
        ahead = List.copyOf(ahead);
    }

    /** The plan of the spec. */
    public sealed interface PlanSeen {}

    /**
     * The plan is known.
     *
     * @param hash of the plan
     * @param job the name of its Job for the present retry
     */
    public record Planned(String hash, String job) implements PlanSeen {}

    /** The plan was not made: the target is missing, or the active Job has its own plan. */
    public record NotPlanned() implements PlanSeen {}

    /**
     * A source of the plan is missing.
     *
     * @param what such as {@code ConfigMap/chat-sql}
     */
    public record PlanIncomplete(String what) implements PlanSeen {}

    /**
     * This spec gives no valid plan.
     *
     * @param problem a sentence
     */
    public record PlanInvalid(String problem) implements PlanSeen {}

    /**
     * Something that must be Ready first.
     *
     * @param reference such as {@code SchemaMigration/messages-add-mood}
     * @param exists whether it exists
     * @param ready whether it is Ready for its current generation
     * @param stalledIn the phase in which a person must act before it can continue, null where none must
     */
    public record DependencySeen(
            String reference,
            boolean exists,
            boolean ready,
            @Nullable Phase stalledIn) {}

    /**
     * The status so far.
     *
     * @param phase null for a new object
     * @param verdict null for a new object, or for a reason that this version does not know
     * @param planHash of the plan that ran or runs
     * @param job the Job's name
     * @param retry the last value of the annotation that was acted on, empty for none
     * @param attempts starts, as the ledger counts them
     * @param mark its progress
     */
    public record Past(
            @Nullable Phase phase,
            @Nullable Verdict verdict,
            @Nullable String planHash,
            @Nullable String job,
            String retry,
            int attempts,
            ProgressMark mark) {
        /** The past of a new object. */
        public static final Past NONE = new Past(null, null, null, null, "", 0, ProgressMark.NONE);
    }

    /**
     * A ledger's answer about a migration.
     *
     * @param state in the ledger
     * @param reader the Job that asked
     * @param planHash of the plan whose checksum was compared, null where any checksum counts
     * @param retry the value of the annotation {@code cairn.dev/retry} at the time of the question, empty for none
     */
    public record LedgerSeen(
            LedgerState state, String reader, @Nullable String planHash, String retry) {}

    /**
     * The answers of the newest pod.
     *
     * @param progress its last answer, null for none
     * @param misses how many polls in a row have had no answer since
     */
    public record Sighting(@Nullable Progress progress, int misses) {
        /** Before the first poll. */
        public static final Sighting NONE = new Sighting(null, 0);
    }
}
