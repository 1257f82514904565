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

/** Carries out decisions. A repetition does no harm: what is already done stays. */
public final class Actions {
    private final Jobs jobs;
    private final Upkeep upkeep;

    /**
     * @param room taken by a pass that reads a large plan from its files, and left at the end of the pass
     * @param reads shared by all code that reads objects of tenants
     */
    public Actions(KubernetesClient client, ClusterCache cache, RunnerImage image, PlanRoom room, SerialReads reads) {
        jobs = new Jobs(client, cache, image, room, reads);
        upkeep = new Upkeep(client, cache, room, reads);
    }

    /**
     * Carries out a decision.
     *
     * @return the decision, or the wait that replaces it if the cluster refuses it
     * @throws KubernetesClientException if the API server is unreachable or refuses for a temporary reason
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
            return new Impediment.Refused(Refusals.answer(e)).inPlaceOf(decision, observed.facts());
        }
    }
}
