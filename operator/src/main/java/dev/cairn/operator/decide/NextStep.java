package dev.cairn.operator.decide;

import dev.cairn.operator.decide.Observation.NotPlanned;
import dev.cairn.operator.decide.Observation.PlanIncomplete;
import dev.cairn.operator.decide.Observation.PlanInvalid;
import dev.cairn.operator.decide.Observation.PlanSeen;
import dev.cairn.operator.decide.Observation.Planned;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses from facts already gathered; reads no clock and no cluster. The first matching rule wins. */
public final class NextStep {
    private NextStep() {}

    /** @return never null; an expected wait is a decision, not an exception */
    public static Decision decide(Observation seen) {
        return LedgerVerdict.decide(seen).or(() -> alreadyOver(seen)).orElseGet(() -> {
            var job = seen.job();
            return job == null ? Preconditions.beforeTheJob(seen) : JobDecision.decide(seen, job);
        });
    }

    /** What ended stays ended when its Job and pods are gone, until the plan or the retry changes. */
    private static Optional<Decision> alreadyOver(Observation seen) {
        var past = seen.past();
        var verdict = past.verdict();
        var job = past.job();
        if (verdict == null || job == null) return Optional.empty();
        boolean over = switch (verdict.phase()) {
            // A ConfigMap or a target that is gone or broken later takes nothing back.
            case Applied -> !(seen.plan() instanceof Planned(var hash, var _)) || hash.equals(past.planHash());
            // Another version of its text is no reason to run it again on a database that lost it: a person decides.
            case Lost -> seen.retry().equals(past.retry());
            // Nobody depends on it, so it may be tried as often as somebody asks.
            case Planned -> !isAskedAgain(seen);
            // A retry counts when it was asked for after the failure: while a Job is at work, asking changes nothing.
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
