package dev.cairn.operator.decide;

import org.jspecify.annotations.Nullable;

/** Why a decision cannot be carried out now. */
public sealed interface Impediment {
    /**
     * The API server refuses it: a quota, a policy or a missing right. A person must change that.
     *
     * @param answer the server's answer
     */
    record Refused(String answer) implements Impediment {}

    /** A Job of another migration uses the target. */
    record TargetBusy() implements Impediment {}

    /** A Job that belongs to no migration uses the target. The cache does not have it, so no event reports its end. */
    record TargetBusyWith(String job) implements Impediment {}

    /** A Job of the same migration is not over. */
    record EarlierJob(String job) implements Impediment {}

    /** Another object has the name of one of the Job's objects. */
    record NameTaken(String kind, String name) implements Impediment {}

    /** A pod of the replaced Job has not ended. */
    record PodAtWork(String job, String pod) implements Impediment {}

    /** The decision that replaces the given one until that can be carried out. */
    default Decision inPlaceOf(Decision decision, Observation seen) {
        var self = seen.self();
        var target = seen.policy().target();
        var job = job(decision);
        return switch (this) {
            case Refused(var answer) -> refused(decision, seen, answer);
            case TargetBusy() -> {
                var verdict = Verdict.queued(self, target);
                yield job == null
                        ? new Decision.Wait(verdict)
                        : new Decision.Track(verdict, job, FailedPodRetention.NONE);
            }
            case TargetBusyWith(var other) -> new Decision.Refused(Verdict.queuedBehind(self, target, other), job);
            case EarlierJob(var earlier) ->
                starting(
                        "%s starts no second Job while its Job %s, made from an earlier version of its spec, is not over; Cairn replaces that Job by itself if it has not begun."
                                .formatted(self, earlier),
                        job);
            case NameTaken(var kind, var name) ->
                starting(
                        "%s cannot create %s/%s: an object of this name belongs to something else or is being deleted. Delete it unless something needs it; the migration then goes on by itself."
                                .formatted(self, kind, name),
                        job);
            case PodAtWork(var former, var pod) ->
                new Decision.Track(
                        new Verdict(
                                decision.verdict().reason(),
                                "%s Its Job %s stops the pod %s first; the next Job starts when that has ended."
                                        .formatted(decision.verdict().message(), former, pod)),
                        former,
                        FailedPodRetention.NONE);
        };
    }

    /** The present Job of the migration, regardless of the decision; null for none. */
    private static @Nullable String job(Decision decision) {
        return switch (decision) {
            case Decision.Replace replace -> replace.former().name();
            case Decision.Resume resume -> resume.job();
            case Decision.Suspend suspend -> suspend.job();
            case Decision.Track track -> track.job();
            case Decision.Conclude _, Decision.Discard _, Decision.Refused _, Decision.Start _, Decision.Wait _ -> null;
        };
    }

    private static Decision.Refused refused(Decision decision, Observation seen, String answer) {
        var self = seen.self();
        var verdict = decision.verdict();
        var job = job(decision);
        return switch (decision) {
            case Decision.Track _ -> {
                boolean atWork = seen.job() != null && seen.job().isAtWork();
                var words = atWork
                        ? "%s Its Job %s gets no change of its settings meanwhile: the API server refuses it (%s); correct what that names; it is tried again by itself."
                                .formatted(verdict.message(), job, answer)
                        : "%s cannot start: the API server refuses a file of its Job %s (%s): raise the quota, or correct what that names; it is tried again by itself."
                                .formatted(self, job, answer);
                yield new Decision.Refused(new Verdict(verdict.reason(), words), job);
            }
            // It continues to work, so its phase stays Running.
            case Decision.Suspend _ ->
                new Decision.Refused(
                        new Verdict(
                                StatusReason.Running,
                                "%s works on and is not suspended: the API server refuses to stop its Job %s (%s); correct what that names; it is tried again by itself."
                                        .formatted(self, job, answer)),
                        job);
            case Decision.Resume _ -> new Decision.Refused(cannot("let its Job go on", verdict, self, answer), job);
            case Decision.Discard _ ->
                new Decision.Refused(cannot("delete its former Job", verdict, self, answer), job);
            case Decision.Replace _ -> new Decision.Refused(cannot("replace its Job", verdict, self, answer), job);
            case Decision.Start _, Decision.Wait _, Decision.Refused _, Decision.Conclude _ ->
                starting(
                        "%s cannot start: the API server refuses what it needs (%s): raise the quota, or correct the policy or the spec.job of the target; it is tried again by itself."
                                .formatted(self, answer),
                        job);
        };
    }

    private static Verdict cannot(String what, Verdict verdict, String self, String answer) {
        return new Verdict(
                verdict.reason(),
                "%s cannot %s: the API server refuses it (%s); correct what that names; it is tried again by itself."
                        .formatted(self, what, answer));
    }

    private static Decision.Refused starting(String message, @Nullable String job) {
        return new Decision.Refused(new Verdict(StatusReason.Starting, message), job);
    }
}
