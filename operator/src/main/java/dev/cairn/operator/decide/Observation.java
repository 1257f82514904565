package dev.cairn.operator.decide;

import dev.cairn.crds.Phase;
import dev.cairn.plan.LedgerState;
import dev.cairn.plan.Progress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a decision is made from.
 *
 * @param self such as {@code DataMigration/messages-backfill-mood}
 * @param suspended whether its spec says so
 * @param retry the value of the annotation {@code cairn.dev/retry}, empty for none
 * @param policy what its target allows now
 * @param plan what it would run now
 * @param dependencies what must be Ready first, in the spec's order
 * @param cycle the way from it through unfinished dependencies back to it, both ends included; empty for none
 * @param past what was last published
 * @param job its Job, null for none
 * @param progress what the newest pod's runner says
 * @param ahead migrations that go first on the target, the one that runs before those that wait
 * @param ledger what the target's ledger says of it as it is now, null where it was not asked
 * @param ledgerAwaited whether that is asked at the moment, together with many others
 * @param runnerImage the image that new Jobs get
 * @param rendered the digest of what a new Job's pod would be rendered from; empty without a target
 * @param now the clock
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

    /** The plan that the spec asks for. */
    public sealed interface PlanSeen {}

    /**
     * It is known.
     *
     * @param hash the plan's
     * @param job the name of the Job that carries it out at the present retry
     */
    public record Planned(String hash, String job) implements PlanSeen {}

    /**
     * It was not looked up: the target is missing, or the Job at work has its own.
     */
    public record NotPlanned() implements PlanSeen {}

    /**
     * Something that it is made from is missing.
     *
     * @param what such as {@code ConfigMap/chat-sql}
     */
    public record PlanIncomplete(String what) implements PlanSeen {}

    /**
     * It cannot be made from this spec.
     *
     * @param problem a sentence
     */
    public record PlanInvalid(String problem) implements PlanSeen {}

    /**
     * Something that must be Ready first.
     *
     * @param reference such as {@code SchemaMigration/messages-add-mood}
     * @param exists whether there is one
     * @param ready whether it is Ready for its current generation
     * @param stalledIn the phase in which it needs a person before it can go on, null where it needs none
     */
    public record DependencySeen(
            String reference,
            boolean exists,
            boolean ready,
            @Nullable Phase stalledIn) {}

    /**
     * What the status says so far.
     *
     * @param phase null for a new object
     * @param verdict null for a new object, or for a reason that this version does not know
     * @param planHash of the plan that ran or runs
     * @param job the Job's name
     * @param retry the value of the annotation that was answered last, empty for none
     * @param attempts starts by the ledger's count
     * @param mark how far it was
     */
    public record Past(
            @Nullable Phase phase,
            @Nullable Verdict verdict,
            @Nullable String planHash,
            @Nullable String job,
            String retry,
            int attempts,
            ProgressMark mark) {
        /** Of a new object. */
        public static final Past NONE = new Past(null, null, null, null, "", 0, ProgressMark.NONE);
    }

    /**
     * What a ledger says of a migration.
     *
     * @param state in the ledger
     * @param reader the Job that asked
     * @param planHash of the plan whose checksum was compared, null where any would do
     * @param retry the value of the annotation {@code cairn.dev/retry} when it was asked, empty for none
     */
    public record LedgerSeen(
            LedgerState state, String reader, @Nullable String planHash, String retry) {}

    /**
     * What the newest pod answered.
     *
     * @param progress its last answer, null for none
     * @param misses how many times in a row it has not answered since
     */
    public record Sighting(@Nullable Progress progress, int misses) {
        /** Nobody has asked yet. */
        public static final Sighting NONE = new Sighting(null, 0);
    }
}
