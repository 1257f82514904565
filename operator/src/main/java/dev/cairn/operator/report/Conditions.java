package dev.cairn.operator.report;

import dev.cairn.crds.Condition;
import dev.cairn.crds.Phase;
import dev.cairn.operator.decide.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The conditions: Ready always, Reconciling or Stalled only while they are true, as kstatus and GitOps tools expect.
 */
final class Conditions {
    private Conditions() {}

    /** @param before the conditions so far; a transition time changes only when its status flips */
    static List<Condition> of(Verdict verdict, long generation, @Nullable List<Condition> before, Instant now) {
        var phase = verdict.phase();
        boolean ready = phase == Phase.Applied;
        var reason = verdict.reason().name();
        var conditions = new ArrayList<Condition>();
        conditions.add(condition("Ready", ready, reason, verdict.message(), generation, before, now));
        abnormal(phase)
                .ifPresent(type ->
                        conditions.add(condition(type, true, reason, verdict.message(), generation, before, now)));
        return List.copyOf(conditions);
    }

    /** The condition that kstatus treats as abnormal while it is present. */
    private static Optional<String> abnormal(Phase phase) {
        return switch (phase) {
            case Waiting, Queued, Held, Suspended, Running -> Optional.of("Reconciling");
            case Lost, Failed -> Optional.of("Stalled");
            case Planned, Applied -> Optional.empty();
        };
    }

    static Condition condition(
            String type,
            boolean holds,
            String reason,
            String message,
            long generation,
            @Nullable List<Condition> before,
            Instant now) {
        return condition(type, holds ? "True" : "False", reason, message, generation, before, now);
    }

    /** @param status True, False or Unknown */
    static Condition condition(
            String type,
            String status,
            String reason,
            String message,
            long generation,
            @Nullable List<Condition> before,
            Instant now) {
        var since = (before == null ? List.<Condition>of() : before)
                .stream()
                        .filter(condition -> condition.type().equals(type)
                                && condition.status().equals(status))
                        .map(Condition::lastTransitionTime)
                        .findFirst()
                        .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new Condition(type, status, reason, message, since, generation);
    }
}
