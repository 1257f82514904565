package dev.cairn.operator.act;

import dev.cairn.operator.cache.ClusterCache;
import dev.cairn.operator.decide.Decision;
import dev.cairn.operator.decide.Impediment;
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
            return new Impediment.Refused(Refusals.answer(e)).insteadOf(decision, observed.facts());
        }
    }
}
