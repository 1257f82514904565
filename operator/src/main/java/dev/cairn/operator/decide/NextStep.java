package dev.cairn.operator.decide;

import dev.cairn.crds.Phase;
import dev.cairn.operator.decide.Observation.PlanIncomplete;
import dev.cairn.operator.decide.Observation.PlanInvalid;
import dev.cairn.operator.decide.Observation.Planned;
import java.util.Optional;

/** Chooses from facts already gathered; reads no clock and no cluster. The first matching rule wins. */
public final class NextStep {
    private NextStep() {}

    /** @return never null; an expected wait is a decision, not an exception */
    public static Decision decide(Observation seen) {
        return alreadyOver(seen).orElseGet(() -> {
            var job = seen.job();
            return job == null ? Gate.beforeTheJob(seen) : AtTheJob.decide(seen, job);
        });
    }

    /** What ended stays ended when its Job and pods are gone, until the plan or the retry changes. */
    private static Optional<Decision> alreadyOver(Observation seen) {
        var past = seen.past();
        var verdict = past.verdict();
        var job = past.job();
        if (verdict == null || job == null) return Optional.empty();
        boolean over = past.phase() == Phase.Applied
                ? !(seen.plan() instanceof Planned(var hash, var ignored)) || hash.equals(past.planHash())
                : past.phase() == Phase.Failed
                        && switch (seen.plan()) {
                            case Planned(var ignored, var name) -> name.equals(job);
                            case Observation.NotPlanned() -> true;
                            case PlanIncomplete ignored -> false;
                            case PlanInvalid ignored -> false;
                        };
        return over ? Optional.of(new Decision.Conclude(verdict, job)) : Optional.empty();
    }
}
