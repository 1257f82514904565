package dev.cairn.operator.decide;

import dev.cairn.crds.Phase;
import dev.cairn.operator.decide.Observation.LedgerSeen;
import dev.cairn.operator.decide.Observation.Planned;
import java.util.Optional;

/** What the ledger's word alone decides: no Job of the migration has to run for it. */
final class LedgerVerdict {
    private LedgerVerdict() {}

    static Optional<Decision> decide(Observation seen) {
        var word = seen.ledger();
        if (word == null) return Optional.empty();
        if (seen.past().phase() == Phase.Applied) return lost(seen, word);
        return seen.past().phase() == Phase.Lost || isUntouched(seen) ? done(seen, word) : Optional.empty();
    }

    /** Nothing of it has begun here, as far as the cluster knows. */
    private static boolean isUntouched(Observation seen) {
        var phase = seen.past().phase();
        return seen.job() == null
                && seen.past().attempts() == 0
                && (phase == null || phase == Phase.Waiting || phase == Phase.Queued || phase == Phase.Suspended);
    }

    private static Optional<Decision> done(Observation seen, LedgerSeen word) {
        boolean same = word.planHash() == null
                || (seen.plan() instanceof Planned(var hash, var _) && hash.equals(word.planHash()));
        if (!word.state().isDone() || !same) return Optional.empty();
        return Optional.of(new Decision.Conclude(
                new Verdict(
                        StatusReason.AlreadyApplied,
                        "%s was applied before, by the ledger of MigrationTarget/%s: nothing was changed."
                                .formatted(seen.self(), seen.policy().target())),
                word.reader()));
    }

    private static Optional<Decision> lost(Observation seen, LedgerSeen word) {
        var job = seen.past().job();
        if (job == null) return Optional.empty();
        return switch (word.state()) {
            case Applied, Marked, Skipped, Unknown -> Optional.empty();
            case Absent -> Optional.of(lost(seen, job, "no longer knows it"));
            case Started -> Optional.of(lost(seen, job, "has it as started, not as applied"));
            case Failed -> Optional.of(lost(seen, job, "has it as failed, not as applied"));
            case Reverted -> Optional.of(lost(seen, job, "has it as reverted"));
            case OtherChecksum ->
                Optional.of(new Decision.Conclude(
                        new Verdict(
                                StatusReason.ChecksumMismatch,
                                "%s was applied, and the ledger of MigrationTarget/%s holds another migration under this name: look whether spec.connection leads to the right database."
                                        .formatted(seen.self(), seen.policy().target())),
                        job));
        };
    }

    private static Decision lost(Observation seen, String job, String what) {
        return new Decision.Conclude(
                new Verdict(
                        StatusReason.LedgerLost,
                        "%s was applied, and the ledger of MigrationTarget/%s %s: the database was restored or is another one. Restore it, or set the annotation cairn.dev/retry to a new value to run the migration as a new one."
                                .formatted(seen.self(), seen.policy().target(), what)),
                job);
    }
}
