package dev.cairn.operator.report;

import dev.cairn.crds.MigrationStatus;
import dev.cairn.crds.Phase;
import dev.cairn.operator.decide.StatusReason;
import dev.cairn.operator.decide.Verdict;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The status of a migration whose reconciliation failed: its phase so far, and the cause. */
public final class FailedLook {
    private FailedLook() {}

    /**
     * The status with the cause in its conditions.
     *
     * @param before as last written, null for a new object
     * @param message one sentence
     * @return empty if the migration is over: a failed reconciliation does not change its result
     */
    public static Optional<MigrationStatus> status(
            @Nullable MigrationStatus before, long generation, String message, Instant now) {
        var reason = reason(before);
        switch (reason.phase()) {
            case Applied, Lost, Planned, Failed -> {
                return Optional.empty();
            }
            case Waiting, Queued, Held, Suspended, Running -> {}
        }
        var status = before == null ? MigrationStatus.NONE : before;
        var verdict = new Verdict(reason, message);
        return Optional.of(status.withPhase(
                generation,
                reason.phase(),
                reason.name(),
                Conditions.of(verdict, generation, status.conditions(), now),
                History.after(before, verdict, now)));
    }

    /** Whether the status already has this message. */
    public static boolean saysSo(MigrationStatus status, String message) {
        return Stream.ofNullable(status.conditions())
                .flatMap(conditions -> conditions.stream())
                .anyMatch(condition -> condition.message().equals(message));
    }

    /** The reason so far. A new or Queued migration gets Starting: the failure keeps its Job from starting. */
    private static StatusReason reason(@Nullable MigrationStatus before) {
        // It leaves the queue: otherwise the migrations behind it would wait while its reconciliation fails.
        if (before == null || before.phase() == Phase.Queued) return StatusReason.Starting;
        return StatusReason.of(before).orElse(StatusReason.Starting);
    }
}
