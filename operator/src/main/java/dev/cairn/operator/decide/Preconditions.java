package dev.cairn.operator.decide;

import static dev.cairn.operator.decide.StatusReason.DependencyCycle;
import static dev.cairn.operator.decide.StatusReason.DependencyNotFound;
import static dev.cairn.operator.decide.StatusReason.DependencyNotReady;
import static dev.cairn.operator.decide.StatusReason.InvalidSpec;
import static dev.cairn.operator.decide.StatusReason.Suspended;
import static dev.cairn.operator.decide.StatusReason.TargetChanged;
import static dev.cairn.operator.decide.StatusReason.TargetNotFound;
import static dev.cairn.operator.decide.StatusReason.TargetSuspended;

import dev.cairn.crds.Phase;
import dev.cairn.operator.decide.Observation.DependencySeen;
import dev.cairn.operator.decide.Observation.NotPlanned;
import dev.cairn.operator.decide.Observation.PlanIncomplete;
import dev.cairn.operator.decide.Observation.PlanInvalid;
import dev.cairn.operator.decide.Observation.Planned;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The checks before a migration gets a Job. Each check is an optional verdict; the first one wins. */
final class Preconditions {
    private Preconditions() {}

    static Decision beforeTheJob(Observation seen) {
        return Stream.<Optional<Verdict>>of(
                        cycle(seen), stopped(seen), plan(seen), unusable(seen), dependencies(seen), queue(seen))
                .flatMap(Optional::stream)
                .findFirst()
                .<Decision>map(Decision.Wait::new)
                .orElseGet(() -> start(seen));
    }

    private static Decision start(Observation seen) {
        return switch (seen.plan()) {
            case Planned(var ignored, var job) -> new Decision.Start(ActiveJobStatus.starts(seen, job), job);
            case NotPlanned() -> throw new IllegalStateException(seen.self() + " has a target and no plan");
            case PlanIncomplete ignored -> throw new IllegalStateException("plan() has answered");
            case PlanInvalid ignored -> throw new IllegalStateException("plan() has answered");
        };
    }

    private static Optional<Verdict> cycle(Observation seen) {
        if (seen.cycle().isEmpty()) return Optional.empty();
        return Optional.of(new Verdict(
                DependencyCycle,
                "%s waits for itself: %s; take one of these out of a dependsOn."
                        .formatted(seen.self(), String.join(" → ", seen.cycle()))));
    }

    /** Also checked while there is a Job. */
    static Optional<Verdict> stopped(Observation seen) {
        if (seen.suspended())
            return Optional.of(new Verdict(
                    Suspended, "%s is suspended: set spec.suspend to false to let it go on.".formatted(seen.self())));
        return switch (seen.policy()) {
            case EffectivePolicy.Frozen(var target) ->
                Optional.of(new Verdict(
                        TargetSuspended,
                        "%s waits because MigrationTarget/%s is suspended: set spec.suspend of the target to false."
                                .formatted(seen.self(), target)));
            case EffectivePolicy.Missing(var target) ->
                Optional.of(new Verdict(
                        TargetNotFound,
                        "%s waits for MigrationTarget/%s, which does not exist in this namespace: create it, or correct targetRef."
                                .formatted(seen.self(), target)));
            // A Lost migration gets here when a person requests it as a new one.
            case EffectivePolicy.Moved(var target, var was, var is) ->
                seen.past().phase() == Phase.Lost
                        ? Optional.empty()
                        : Optional.of(new Verdict(
                                TargetChanged,
                                "%s has begun and does not go on, because MigrationTarget/%s was created again and keeps its ledger elsewhere (%s; it was %s): it would begin again there. Create the target as it was, or delete the migration and apply it again to run it from its beginning."
                                        .formatted(seen.self(), target, is, was)));
            case EffectivePolicy.Open ignored -> Optional.empty();
            case EffectivePolicy.Unusable ignored -> Optional.empty();
        };
    }

    /** Checked before a Job starts or resumes. An active Job keeps its inputs. */
    static Optional<Verdict> unusable(Observation seen) {
        return seen.policy() instanceof EffectivePolicy.Unusable(var ignored, var problem)
                ? Optional.of(invalid(seen, problem))
                : Optional.empty();
    }

    private static Verdict invalid(Observation seen, String problem) {
        return new Verdict(
                InvalidSpec,
                "%s cannot be carried out: %s; correct its spec or its target.".formatted(seen.self(), problem));
    }

    private static Optional<Verdict> plan(Observation seen) {
        return switch (seen.plan()) {
            case PlanInvalid(var problem) -> Optional.of(invalid(seen, problem));
            case PlanIncomplete(var what) ->
                Optional.of(new Verdict(
                        DependencyNotFound,
                        "%s waits for %s, which does not exist in this namespace: create it, or correct stepsFrom."
                                .formatted(seen.self(), what)));
            case Planned ignored -> Optional.empty();
            case NotPlanned() -> Optional.empty();
        };
    }

    private static Optional<Verdict> dependencies(Observation seen) {
        var missing = open(seen, dependency -> !dependency.exists());
        if (!missing.isEmpty())
            return Optional.of(new Verdict(
                    DependencyNotFound,
                    "%s waits for %s%s, which does not exist in this namespace: create it, or correct dependsOn."
                            .formatted(seen.self(), missing.getFirst().reference(), andMore(missing))));
        var unready = open(seen, dependency -> !dependency.ready());
        if (unready.isEmpty()) return Optional.empty();
        var first = unready.getFirst();
        return Optional.of(new Verdict(
                DependencyNotReady,
                first.stalledIn() != null
                        ? "%s waits for %s%s, whose phase is %s: its own message says what to do, and this one then starts by itself."
                                .formatted(seen.self(), first.reference(), andMore(unready), first.stalledIn())
                        : "%s waits for %s%s to be Ready; it starts by itself then."
                                .formatted(seen.self(), first.reference(), andMore(unready))));
    }

    private static List<DependencySeen> open(Observation seen, Predicate<DependencySeen> test) {
        return seen.dependencies().stream().filter(test).toList();
    }

    private static String andMore(List<DependencySeen> several) {
        return several.size() == 1 ? "" : " and %d more".formatted(several.size() - 1);
    }

    /** Also checked before a suspended Job resumes. */
    static Optional<Verdict> queue(Observation seen) {
        var target = seen.policy().target();
        if (!seen.ahead().isEmpty()) return Optional.of(Verdict.queued(seen.self(), target));
        boolean asksFirst =
                seen.ledgerAwaited() && seen.ledger() == null && seen.past().attempts() == 0;
        return asksFirst ? Optional.of(Verdict.asked(seen.self(), target)) : Optional.empty();
    }
}
