package dev.cairn.e2e.controlplane;

import dev.cairn.plan.LedgerAnswer;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Reason;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a pod does that only seems to run. */
public sealed interface PodRun {
    /**
     * It ends by itself.
     *
     * @param after how long it is Running before
     * @param exitCode of the container {@code migration}
     * @param outcome what it leaves as its termination message, null for nothing
     */
    record Ends(Duration after, int exitCode, @Nullable Outcome outcome) implements PodRun {}

    /**
     * It ends at once with what a ledger says.
     *
     * @param answer its termination message
     */
    record Answers(LedgerAnswer answer) implements PodRun {}

    /**
     * It runs until it is deleted, or until {@link StandInKubelet#end} ends it.
     *
     * @param address at which it tells its progress, null for none
     */
    record Hangs(@Nullable String address) implements PodRun {
        /** Without a word about its progress. */
        public Hangs() {
            this(null);
        }
    }

    /** It never gets beyond Pending. */
    record NeverStarts() implements PodRun {}

    /** It carries the migration out at once. */
    static Ends applied() {
        return ends(Reason.Applied, "Applied.");
    }

    /**
     * It ends at once, with the exit code that belongs to a reason.
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

    /** It is killed from outside, and says nothing. */
    static Ends killed() {
        return new Ends(Duration.ZERO, 137, null);
    }
}
