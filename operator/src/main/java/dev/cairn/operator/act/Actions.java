package dev.cairn.operator.act;

import dev.cairn.operator.decide.Decision;
import dev.cairn.operator.decide.StatusReason;
import dev.cairn.operator.decide.Verdict;
import dev.cairn.operator.job.RunnerImage;
import dev.cairn.operator.observe.Observed;
import dev.cairn.operator.observe.World;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** Carries out decisions. Each can be repeated: what is already as it should be is left alone. */
public final class Actions {
    private final Jobs jobs;
    private final Upkeep upkeep;

    public Actions(KubernetesClient client, World world, RunnerImage image) {
        jobs = new Jobs(client, world, image);
        upkeep = new Upkeep(client, world);
    }

    /**
     * Does what was decided.
     *
     * @return the decision, or the wait that took its place when the cluster said no
     * @throws KubernetesClientException if the API server cannot be reached or refuses for a reason that passes
     */
    public Decision carryOut(Decision decision, Observed observed) {
        try {
            return switch (decision) {
                case Decision.Wait wait -> wait;
                case Decision.Refused refused -> refused;
                case Decision.Conclude conclude -> conclude;
                case Decision.Start start -> jobs.start(start, observed);
                case Decision.Resume resume -> jobs.resume(resume, observed);
                case Decision.Suspend suspend -> jobs.suspend(suspend, observed);
                case Decision.Discard discard -> jobs.discard(discard, observed);
                case Decision.Track track -> upkeep.keep(track, observed);
            };
        } catch (KubernetesClientException e) {
            if (e.getCode() != 403 && e.getCode() != 422) throw e;
            return new Decision.Refused(refused(observed, e));
        }
    }

    /** A quota, a policy or a missing right: it passes when somebody changes that, and the message tells what to change. */
    private static Verdict refused(Observed observed, KubernetesClientException e) {
        var status = e.getStatus();
        var message = status == null ? e.getMessage() : status.getMessage();
        return new Verdict(
                StatusReason.Starting,
                "%s cannot start: the API server refuses what it needs (%s): raise the quota, or correct the policy or the spec.job of the target; it is tried again by itself."
                        .formatted(observed.facts().self(), message));
    }
}
