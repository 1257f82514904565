package dev.cairn.e2e.controlplane;

import dev.cairn.plan.LedgerAnswer;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Reason;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The behaviour of a simulated pod. */
public sealed interface PodRun {
    /**
     * It ends by itself.
     *
     * @param after how long it is Running
     * @param exitCode of the container {@code migration}
     * @param outcome its termination message, null for none
     */
    record Ends(Duration after, int exitCode, @Nullable Outcome outcome) implements PodRun {}

    /**
     * It ends at once with the answer of a ledger.
     *
     * @param answer its termination message
     */
    record Answers(LedgerAnswer answer) implements PodRun {}

    /**
     * It runs until it is deleted, or until {@link StandInKubelet#end} ends it.
     *
     * @param address for its progress, null for none
     */
    record Hangs(@Nullable String address) implements PodRun {
        /** It reports no progress. */
        public Hangs() {
            this(null);
        }
    }

    /** It stays Pending. */
    record NeverStarts() implements PodRun {}

    /** It applies the migration at once. */
    static Ends applied() {
        return ends(Reason.Applied, "Applied.");
    }

    /**
     * It ends at once, with the exit code of a reason.
     *
     * @param message for people
     */
    static Ends ends(Reason reason, String message) {
        boolean done = reason == Reason.Applied || reason == Reason.AlreadyApplied;
        var progress = new Progress(
                done ? Progress.Activity.Done : Progress.Activity.Running,
                null,
                1,
                done ? 1 : 0,
                1,
                0,
                0,
                null,
                0,
                0,
                0,
                List.of());
        return new Ends(Duration.ZERO, reason.exitCode().code(), new Outcome(reason, message, null, null, progress));
    }

    /** It is killed and leaves no message. */
    static Ends killed() {
        return new Ends(Duration.ZERO, 137, null);
    }
}
