package dev.cairn.operator.observe;

import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTargetSpec;
import dev.cairn.crds.Phase;
import dev.cairn.operator.decide.Observation.Planned;
import dev.cairn.operator.decide.ReaderStep.Candidate;
import dev.cairn.operator.decide.ReaderStep.Standing;
import dev.cairn.operator.job.Names;
import dev.cairn.operator.observe.LedgerAnswers.Asked;
import dev.cairn.operator.observe.LedgerAnswers.Round;
import dev.cairn.plan.Checksum;
import dev.cairn.plan.LedgerQuestion.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the questions to a ledger about migrations. */
public final class LedgerQuestions {
    private final PlanReading plans;

    public LedgerQuestions(PlanReading plans) {
        this.plans = plans;
    }

    /**
     * One migration of a question.
     *
     * @param asked the migration in its present form
     * @param entry the question, null where none is possible: no plan can be made, the plan is large, or it is a dry
     *     run
     */
    public record Item(Asked asked, @Nullable Entry entry) {}

    /** Makes the plan, whose checksum the ledger compares. A migration with a large plan asks with its own Job. */
    public Item item(Migration migration, MigrationTargetSpec target) {
        var read = plans.readSmall(migration, target);
        var status = migration.status();
        var plan = read.plan();
        if (plan == null || plan.dryRun() != null || !(read.seen() instanceof Planned(var hash, var _)))
            return withoutPlan(migration);
        // It was edited after it was applied. The plan that ran is unknown, so any checksum counts.
        boolean edited = status != null && status.phase() == Phase.Applied && !hash.equals(status.planHash());
        if (edited) return new Item(asked(migration, null), entry(migration, List.of()));
        var checksum = Checksum.of(plan);
        return new Item(asked(migration, hash), entry(migration, List.of(checksum.format1(), checksum.format2())));
    }

    /** A question without a plan: for an applied migration any checksum counts. */
    public static Item withoutPlan(Migration migration) {
        boolean wasDone = switch (standing(migration)) {
            case DONE, LOST -> true;
            case FRESH, OTHER -> false;
        };
        return new Item(asked(migration, null), wasDone ? entry(migration, List.of()) : null);
    }

    /** The migration in its present form. */
    static Asked asked(Migration migration, @Nullable String planHash) {
        var meta = migration.getMetadata();
        var status = migration.status();
        return new Asked(
                meta.getUid(),
                meta.getGeneration(),
                status == null ? null : status.job(),
                planHash,
                Names.retryToken(migration));
    }

    /** The facts about a migration for the decision whether to ask. */
    public static Candidate candidate(Migration migration, String target, Round round, LedgerAnswers answers) {
        var status = migration.status();
        var answered = status == null || status.retry() == null ? "" : status.retry();
        return new Candidate(
                migration.getMetadata().getUid(),
                standing(migration),
                answers.has(target, round, asked(migration, null)),
                status != null
                        && status.phase() == Phase.Applied
                        && !Names.retryToken(migration).equals(answered));
    }

    private static Standing standing(Migration migration) {
        var status = migration.status();
        if (status == null || status.phase() == null) return Standing.FRESH;
        return switch (status.phase()) {
            case Applied -> Standing.DONE;
            case Lost -> Standing.LOST;
            case Waiting, Queued, Suspended ->
                status.job() == null && status.attempts() == null ? Standing.FRESH : Standing.OTHER;
            case Held, Running, Planned, Failed -> Standing.OTHER;
        };
    }

    private static Entry entry(Migration migration, List<String> checksums) {
        return new Entry(migration.migrationKind(), migration.getMetadata().getName(), checksums);
    }
}
