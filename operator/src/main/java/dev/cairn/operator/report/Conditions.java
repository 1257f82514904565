package dev.cairn.operator.report;

import dev.cairn.crds.Condition;
import dev.cairn.crds.Phase;
import dev.cairn.operator.decide.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ready, Reconciling and Stalled, as kstatus and GitOps tools read them. */
final class Conditions {
    private Conditions() {}

    /** @param before the conditions so far: a transition time moves only when its status flips */
    static List<Condition> of(Verdict verdict, long generation, @Nullable List<Condition> before, Instant now) {
        var phase = verdict.phase();
        boolean ready = phase == Phase.Applied;
        boolean stalled = phase == Phase.Failed;
        return List.of(
                condition("Ready", ready, verdict.reason().name(), verdict.message(), generation, before, now),
                condition(
                        "Reconciling",
                        !ready && !stalled && phase != Phase.Planned,
                        verdict.reason().name(),
                        verdict.message(),
                        generation,
                        before,
                        now),
                condition("Stalled", stalled, verdict.reason().name(), verdict.message(), generation, before, now));
    }

    static Condition condition(
            String type,
            boolean holds,
            String reason,
            String message,
            long generation,
            @Nullable List<Condition> before,
            Instant now) {
        var status = holds ? "True" : "False";
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
