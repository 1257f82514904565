package dev.cairn.operator.decide;

import dev.cairn.crds.Phase;
import dev.cairn.operator.decide.Observation.LedgerSeen;
import dev.cairn.operator.decide.Observation.Planned;
import java.util.Optional;

/** Decisions that follow from the ledger's answer alone, without a Job of the migration. */
final class LedgerVerdict {
    private LedgerVerdict() {}

    static Optional<Decision> decide(Observation seen) {
        var word = seen.ledger();
        var phase = seen.past().phase();
        if (phase == Phase.Applied && seen.policy() instanceof EffectivePolicy.Moved moved) return moved(seen, moved);
        if (word == null) return Optional.empty();
        if (phase == Phase.Applied) return lost(seen, word);
        if (phase == Phase.Lost)
            return done(seen, word).or(() -> isRetried(seen) ? Optional.empty() : lost(seen, word));
        return isUntouched(seen) ? done(seen, word) : Optional.empty();
    }

    /** Whether it has not begun here, as far as the cluster shows. */
    private static boolean isUntouched(Observation seen) {
        var phase = seen.past().phase();
        return seen.job() == null && seen.past().attempts() == 0 && (phase == null || phase.mayPrecedeItsJob());
    }

    private static boolean isRetried(Observation seen) {
        return !seen.retry().equals(seen.past().retry());
    }

    private static Optional<Decision> done(Observation seen, LedgerSeen word) {
        boolean same = word.planHash() == null
                || (seen.plan() instanceof Planned(var hash, var _) && hash.equals(word.planHash()));
        if (!word.state().isDone() || !same) return Optional.empty();
        return Optional.of(new Decision.Conclude(
                new Verdict(
                        StatusReason.AlreadyApplied,
                        "%s is applied already: the ledger of MigrationTarget/%s lists it. Nothing was run, and nothing is left to do."
                                .formatted(seen.self(), seen.policy().target())),
                word.reader()));
    }

    /** A migration that is Applied here but not in the ledger never runs again by itself. A later read may find it. */
    private static Optional<Decision> lost(Observation seen, LedgerSeen word) {
        if (seen.policy() instanceof EffectivePolicy.Moved moved) return moved(seen, moved);
        return switch (word.state()) {
            case Applied, Marked, Skipped, Unknown -> Optional.empty();
            case Absent -> lost(seen, "no longer knows it");
            case Started -> lost(seen, "has it as started, not as applied");
            case Failed -> lost(seen, "has it as failed, not as applied");
            case Reverted -> lost(seen, "has it as reverted");
            case OtherChecksum ->
                conclude(
                        seen,
                        "%s was applied, but the ledger of MigrationTarget/%s holds another migration under this name: spec.connection of the target leads to another database, or two migrations share the name. Correct spec.connection, or apply this one under another name."
                                .formatted(seen.self(), seen.policy().target()));
        };
    }

    private static Optional<Decision> lost(Observation seen, String what) {
        return conclude(
                seen,
                "%s was applied, but the ledger of MigrationTarget/%s %s: the database was restored from an older copy, or spec.connection of the target leads to another one. Correct spec.connection, or restore the database and set the annotation cairn.dev/retry of the target to a new value. To run the migration as a new one, set that annotation of the migration."
                        .formatted(seen.self(), seen.policy().target(), what));
    }

    private static Optional<Decision> moved(Observation seen, EffectivePolicy.Moved moved) {
        return conclude(
                seen,
                "%s was applied, but MigrationTarget/%s was created again and keeps its ledger elsewhere (%s; it was %s): create the target as it was. To run the migration as a new one, set the annotation cairn.dev/retry of the migration."
                        .formatted(seen.self(), moved.target(), moved.is(), moved.was()));
    }

    private static Optional<Decision> conclude(Observation seen, String message) {
        return Optional.ofNullable(seen.past().job())
                .map(job -> new Decision.Conclude(new Verdict(StatusReason.LedgerLost, message), job));
    }
}
