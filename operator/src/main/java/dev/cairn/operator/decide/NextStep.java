package dev.cairn.operator.decide;

import dev.cairn.operator.decide.Observation.NotPlanned;
import dev.cairn.operator.decide.Observation.PlanIncomplete;
import dev.cairn.operator.decide.Observation.PlanInvalid;
import dev.cairn.operator.decide.Observation.PlanSeen;
import dev.cairn.operator.decide.Observation.Planned;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides from the gathered facts. It reads no clock and no cluster. The first matching rule wins. */
public final class NextStep {
    private NextStep() {}

    /** @return never null; an expected wait is a decision, not an exception */
    public static Decision decide(Observation seen) {
        return LedgerVerdict.decide(seen).or(() -> alreadyOver(seen)).orElseGet(() -> {
            var job = seen.job();
            return job == null ? Preconditions.beforeTheJob(seen) : JobDecision.decide(seen, job);
        });
    }

    /** A migration that has ended stays ended without its Job and pods, until its plan or its retry changes. */
    private static Optional<Decision> alreadyOver(Observation seen) {
        var past = seen.past();
        var verdict = past.verdict();
        var job = past.job();
        if (verdict == null || job == null) return Optional.empty();
        boolean over = switch (verdict.phase()) {
            // A ConfigMap or target that is later deleted or broken does not change the result.
            case Applied -> !(seen.plan() instanceof Planned(var hash, var _)) || hash.equals(past.planHash());
            // An edit does not make it run again on a database that lost it: a person decides.
            case Lost -> seen.retry().equals(past.retry());
            // A dry run may run again on each request, since no migration depends on it.
            case Planned -> !isAskedAgain(seen);
            // Only a retry after the failure counts. While a Job is active, a retry changes nothing.
            case Failed -> !isAskedAgain(seen);
            case Waiting, Queued, Held, Suspended, Running -> false;
        };
        return over ? Optional.of(new Decision.Conclude(verdict, job)) : Optional.empty();
    }

    private static boolean isAskedAgain(Observation seen) {
        return wasEdited(seen.plan(), seen.past().planHash())
                || !seen.retry().equals(seen.past().retry());
    }

    private static boolean wasEdited(PlanSeen plan, @Nullable String planHash) {
        return switch (plan) {
            case Planned(var hash, var ignored) -> !hash.equals(planHash);
            case PlanInvalid ignored -> true;
            case PlanIncomplete ignored -> false;
            case NotPlanned() -> false;
        };
    }
}
