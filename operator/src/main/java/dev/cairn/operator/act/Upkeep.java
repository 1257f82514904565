package dev.cairn.operator.act;

import dev.cairn.crds.Migration;
import dev.cairn.operator.decide.Decision;
import dev.cairn.operator.job.ConfigMaps;
import dev.cairn.operator.job.JobManifest;
import dev.cairn.operator.job.Labels;
import dev.cairn.operator.observe.Observed;
import dev.cairn.operator.observe.World;
import dev.cairn.plan.Json;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Settings;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

/** Keeps a Job at work supplied: its settings as the specs say now, its old pods cleared away. */
final class Upkeep {
    /** The name under which the operator owns fields. */
    static final String FIELD_MANAGER = "cairn-operator";

    private final KubernetesClient client;
    private final World world;

    Upkeep(KubernetesClient client, World world) {
        this.client = client;
        this.world = world;
    }

    Decision keep(Decision.Track track, Observed observed) {
        var migration = observed.migration();
        // Where the target is gone, or says what cannot be used, the Job goes on with what it has.
        var settings = observed.settings();
        if (settings != null)
            refresh(migration, track.job(), isOfThisVersion(observed) ? settings : settings.asOfVersion01());
        for (var pod : track.oldPods())
            client.pods()
                    .inNamespace(migration.getMetadata().getNamespace())
                    .withName(pod)
                    .delete();
        return track;
    }

    /** A Job that another version of the operator started has that version's runner. */
    private static boolean isOfThisVersion(Observed observed) {
        var job = observed.facts().job();
        return job == null || job.image().equals(observed.facts().runnerImage());
    }

    private void refresh(Migration migration, String job, Settings settings) {
        var wanted = ConfigMaps.settings(migration, job, settings);
        var cached = world.configMap(
                migration.getMetadata().getNamespace(), wanted.getMetadata().getName());
        boolean current = cached.isPresent()
                && Json.write(settings).equals(cached.get().getData().get(Mounts.SETTINGS_FILE));
        if (!current)
            client.resource(wanted).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
        // The kubelet looks at a pod's files when the pod changes; else it takes up to 90 s.
        var hash = JobManifest.settingsHash(settings);
        world.podsOf(migration)
                .filter(pod -> "Running".equals(pod.getStatus().getPhase()) && !hash.equals(annotation(pod)))
                .forEach(pod -> touch(pod, hash));
    }

    private static String annotation(Pod pod) {
        var annotations = pod.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(Labels.SETTINGS, "");
    }

    private void touch(Pod pod, String hash) {
        var patch = new PodBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .withNamespace(pod.getMetadata().getNamespace())
                .addToAnnotations(Labels.SETTINGS, hash)
                .endMetadata()
                .build();
        client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }
}
