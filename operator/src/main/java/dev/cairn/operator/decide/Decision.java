package dev.cairn.operator.decide;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to do about a migration, and what its status says. */
public sealed interface Decision {
    /** The verdict after the decision is carried out. */
    Verdict verdict();

    /** Whether the migration starts as a new one. */
    default boolean begins() {
        return false;
    }

    /** Nothing to do, and there is no current Job. */
    record Wait(Verdict verdict) implements Decision {}

    /**
     * The cluster refused the decision. It is tried again after a pause, since no event may show when it would succeed.
     *
     * @param job that continues in the meantime, null where there is none
     */
    record Refused(Verdict verdict, @Nullable String job) implements Decision {
        /** Without a current Job. */
        public Refused(Verdict verdict) {
            this(verdict, null);
        }
    }

    /** Create this Job and its files, if a live read shows that the target is still free. */
    record Start(Verdict verdict, String job) implements Decision {
        @Override
        public boolean begins() {
            return true;
        }
    }

    /** Delete this Job, because it must not continue. The next decision follows when it is gone. */
    record Discard(Verdict verdict, String job) implements Decision {}

    /**
     * Replace a Job by this one of the same plan, if a live read shows that the target is still free.
     *
     * @param job to create
     * @param former the Job that is replaced
     * @param startsFrom the known progress of the migration
     * @param old leftovers to delete
     */
    record Replace(Verdict verdict, String job, Former former, ProgressMark startsFrom, FailedPodRetention old)
            implements Decision {}

    /**
     * A Job that is replaced.
     *
     * @param name of the Job
     * @param evidence whether it has failed pods to keep; otherwise it is deleted once its successor exists
     * @param lostPods pods on a lost node; only a forced delete removes them
     */
    record Former(String name, boolean evidence, List<String> lostPods) {
        /** Copies the list. */
        public Former {
            lostPods = List.copyOf(lostPods);
        }
    }

    /** Stop this Job's pod, keeping the Job. */
    record Suspend(Verdict verdict, String job) implements Decision {}

    /** Resume this suspended Job, if a live read shows that the target is still free. */
    record Resume(Verdict verdict, String job) implements Decision {}

    /**
     * The Job is active: keep its files correct.
     *
     * @param old leftovers to delete
     */
    record Track(Verdict verdict, String job, FailedPodRetention old) implements Decision {}

    /** The migration is over. The Job and its pods stay as evidence. */
    record Conclude(Verdict verdict, String job) implements Decision {}
}
