package dev.cairn.operator.act;

import dev.cairn.crds.Migration;
import dev.cairn.operator.cache.ClusterCache;
import dev.cairn.operator.decide.Decision;
import dev.cairn.operator.decide.PodSeen;
import dev.cairn.operator.job.ConfigMaps;
import dev.cairn.operator.job.JobManifest;
import dev.cairn.operator.job.Labels;
import dev.cairn.operator.job.Names;
import dev.cairn.operator.observe.JobReading;
import dev.cairn.operator.observe.ObservedMigration;
import dev.cairn.operator.observe.PlanRoom;
import dev.cairn.operator.observe.SerialReads;
import dev.cairn.plan.Settings;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Optional;
import java.util.stream.Stream;

/** Maintains an active Job: it completes its files, updates its settings from the specs, and deletes leftovers. */
final class Upkeep {
    /** The operator's field manager. */
    static final String FIELD_MANAGER = "cairn-operator";

    private final KubernetesClient client;
    private final ClusterCache cache;
    private final JobApi api;
    private final JobFiles files;

    Upkeep(KubernetesClient client, ClusterCache cache, PlanRoom room, SerialReads reads) {
        this.client = client;
        this.cache = cache;
        api = new JobApi(client, reads);
        files = new JobFiles(client, room, reads);
    }

    Decision keep(Decision.Track track, ObservedMigration observed) {
        var migration = observed.migration();
        // If the target is gone or unusable, the Job continues with its present settings.
        var settings = observed.settings();
        var job = cache.jobsOf(migration)
                .filter(found -> found.getMetadata().getName().equals(track.job()))
                .findFirst();
        if (settings != null && job.isPresent()) {
            var understood = JobManifest.understoodBy(job.get(), settings);
            if (!isComplete(job.get(), observed)) return renewed(track, migration, job.get(), understood, observed);
            refresh(migration, job.get(), understood);
        }
        for (var pod : track.old().pods())
            client.pods()
                    .inNamespace(migration.getMetadata().getNamespace())
                    .withName(pod)
                    .delete();
        track.old().jobs().forEach(old -> api.delete(migration, old));
        return track;
    }

    /** A started pod has its files. Before the start, files may be missing because the operator ended in between. */
    private boolean isComplete(Job job, ObservedMigration observed) {
        var seen = observed.facts().job();
        boolean begun = seen == null || seen.pods().stream().anyMatch(pod -> !(pod.state() instanceof PodSeen.Pending));
        return begun
                || cache.configMap(
                                job.getMetadata().getNamespace(),
                                Names.settings(job.getMetadata().getName()))
                        .isPresent();
    }

    /** The settings are created last: without them, any of the files may be missing. */
    private Decision renewed(
            Decision.Track track, Migration migration, Job job, Settings settings, ObservedMigration observed) {
        var plan = observed.plan();
        if (plan != null && plan.hash().equals(JobReading.planHash(job))) {
            var _ = files.complete(migration, job, ConfigMaps.pieces(plan), settings);
            return track;
        }
        // The Job's own plan, if only the cache is behind; else the plan of the Job before it.
        var former = Stream.concat(Stream.of(job), cache.jobsOf(migration))
                .map(files::plan)
                .flatMap(Optional::stream)
                .filter(found -> found.hash().equals(JobReading.planHash(job)))
                .findFirst();
        if (former.isPresent()) {
            var _ = files.complete(migration, job, ConfigMaps.pieces(former.get()), settings);
            return track;
        }
        api.delete(migration, track.job());
        return new Decision.Discard(track.verdict(), track.job());
    }

    private void refresh(Migration migration, Job job, Settings settings) {
        var wanted = ConfigMaps.settings(migration, job, settings);
        var cached = cache.configMap(
                migration.getMetadata().getNamespace(), wanted.getMetadata().getName());
        var hash = JobManifest.settingsHash(settings);
        boolean current = cached.isPresent() && hash.equals(annotation(cached.get()));
        if (!current)
            client.resource(wanted).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
        // The kubelet refreshes a pod's files when the pod changes. Otherwise it takes up to 90 s.
        cache.podsOf(migration)
                .filter(pod -> "Running".equals(pod.getStatus().getPhase()) && !hash.equals(annotation(pod)))
                .forEach(pod -> touch(pod, hash));
    }

    private static String annotation(HasMetadata object) {
        var annotations = object.getMetadata().getAnnotations();
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
