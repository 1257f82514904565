package dev.cairn.operator.decide;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to do about a migration, and what to say. */
public sealed interface Decision {
    /** What is said once it is done. */
    Verdict verdict();

    /** Whether the migration starts as a new one. */
    default boolean begins() {
        return false;
    }

    /** Nothing is to be done, and there is no Job that matters. */
    record Wait(Verdict verdict) implements Decision {}

    /**
     * The cluster refused what was decided; it is to be tried again after a while, since nothing may tell when it would.
     *
     * @param job that goes on meanwhile, null where there is none
     */
    record Refused(Verdict verdict, @Nullable String job) implements Decision {
        /** While there is no Job that matters. */
        public Refused(Verdict verdict) {
            this(verdict, null);
        }
    }

    /** Create this Job and its files, if the target is still free when asked directly. */
    record Start(Verdict verdict, String job) implements Decision {
        @Override
        public boolean begins() {
            return true;
        }
    }

    /** Delete this Job, because it must not go on; what follows is decided when it is gone. */
    record Discard(Verdict verdict, String job) implements Decision {}

    /**
     * Let this Job take the place of another one that carries out the same plan, if the target is still free when asked
     * directly.
     *
     * @param job to create
     * @param former which gives way
     * @param startsFrom how far the migration is known to be
     * @param old what nobody needs any more
     */
    record Replace(Verdict verdict, String job, Former former, ProgressMark startsFrom, FailedPodRetention old)
            implements Decision {}

    /**
     * A Job that gives way.
     *
     * @param name of the Job
     * @param evidence whether it has failed pods to be kept; it is deleted otherwise, once its successor is there
     * @param lostPods pods on a node that is gone, which only go by force
     */
    record Former(String name, boolean evidence, List<String> lostPods) {
        /** Copies the list. */
        public Former {
            lostPods = List.copyOf(lostPods);
        }
    }

    /** Stop this Job's pod, keeping the Job. */
    record Suspend(Verdict verdict, String job) implements Decision {}

    /** Let this suspended Job run again, if the target is still free when asked directly. */
    record Resume(Verdict verdict, String job) implements Decision {}

    /**
     * The Job is at work: keep its files as they should be.
     *
     * @param old what nobody needs any more
     */
    record Track(Verdict verdict, String job, FailedPodRetention old) implements Decision {}

    /** It is over, one way or the other; the Job's remains stay as evidence. */
    record Conclude(Verdict verdict, String job) implements Decision {}
}
