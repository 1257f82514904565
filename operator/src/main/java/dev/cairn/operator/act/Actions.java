package dev.cairn.operator.act;

import dev.cairn.operator.cache.ClusterCache;
import dev.cairn.operator.decide.Decision;
import dev.cairn.operator.decide.StatusReason;
import dev.cairn.operator.decide.Verdict;
import dev.cairn.operator.job.RunnerImage;
import dev.cairn.operator.observe.ObservedMigration;
import dev.cairn.operator.observe.PlanRoom;
import dev.cairn.operator.observe.SerialReads;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** Carries out decisions. Each can be repeated: what is already as it should be is left alone. */
public final class Actions {
    private final Jobs jobs;
    private final Upkeep upkeep;

    /**
     * @param room taken by a look that reads a large plan back; who ends the look leaves it
     * @param reads shared with all who read what tenants write
     */
    public Actions(KubernetesClient client, ClusterCache cache, RunnerImage image, PlanRoom room, SerialReads reads) {
        jobs = new Jobs(client, cache, image, room, reads);
        upkeep = new Upkeep(client, cache, room, reads);
    }

    /**
     * Does what was decided.
     *
     * @return the decision, or the wait that took its place when the cluster said no
     * @throws KubernetesClientException if the API server cannot be reached or refuses for a reason that passes
     */
    public Decision carryOut(Decision decision, ObservedMigration observed) {
        try {
            return switch (decision) {
                case Decision.Wait wait -> wait;
                case Decision.Refused refused -> refused;
                case Decision.Conclude conclude -> conclude;
                case Decision.Start start -> jobs.start(start, observed);
                case Decision.Resume resume -> jobs.resume(resume, observed);
                case Decision.Suspend suspend -> jobs.suspend(suspend, observed);
                case Decision.Replace replace -> jobs.replace(replace, observed);
                case Decision.Discard discard -> jobs.discard(discard, observed);
                case Decision.Track track -> upkeep.keep(track, observed);
            };
        } catch (KubernetesClientException e) {
            if (!Refusals.isRefusal(e)) throw e;
            return refused(decision, observed, e);
        }
    }

    /** A quota, a policy or a missing right: it passes when somebody changes that, and the message tells what to change. */
    private static Decision.Refused refused(
            Decision decision, ObservedMigration observed, KubernetesClientException e) {
        var self = observed.facts().self();
        var running = observed.facts().job();
        var answer = Refusals.answer(e);
        return switch (decision) {
            case Decision.Track(var verdict, var job, var _) ->
                new Decision.Refused(
                        new Verdict(
                                verdict.reason(),
                                running != null && running.isAtWork()
                                        ? "%s Its Job %s gets no change of its settings meanwhile: the API server refuses it (%s); correct what that names; it is tried again by itself."
                                                .formatted(verdict.message(), job, answer)
                                        : "%s cannot start: the API server refuses a file of its Job %s (%s): raise the quota, or correct what that names; it is tried again by itself."
                                                .formatted(self, job, answer)),
                        job);
            // It works on: another phase would say that it does not.
            case Decision.Suspend(var _, var job) ->
                new Decision.Refused(
                        new Verdict(
                                StatusReason.Running,
                                "%s works on and is not suspended: the API server refuses to stop its Job %s (%s); correct what that names; it is tried again by itself."
                                        .formatted(self, job, answer)),
                        job);
            case Decision.Resume(var verdict, var job) ->
                new Decision.Refused(cannot("let its Job go on", verdict, self, answer), job);
            case Decision.Discard(var verdict, var _) ->
                new Decision.Refused(cannot("delete its former Job", verdict, self, answer), null);
            case Decision.Replace(var verdict, var _, var former, var _, var _) ->
                new Decision.Refused(cannot("replace its Job", verdict, self, answer), former.name());
            case Decision.Start _, Decision.Wait _, Decision.Refused _, Decision.Conclude _ ->
                new Decision.Refused(
                        new Verdict(
                                StatusReason.Starting,
                                "%s cannot start: the API server refuses what it needs (%s): raise the quota, or correct the policy or the spec.job of the target; it is tried again by itself."
                                        .formatted(self, answer)),
                        null);
        };
    }

    private static Verdict cannot(String what, Verdict verdict, String self, String answer) {
        return new Verdict(
                verdict.reason(),
                "%s cannot %s: the API server refuses it (%s); correct what that names; it is tried again by itself."
                        .formatted(self, what, answer));
    }
}
