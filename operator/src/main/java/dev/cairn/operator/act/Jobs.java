package dev.cairn.operator.act;

import dev.cairn.crds.Migration;
import dev.cairn.operator.decide.Decision;
import dev.cairn.operator.decide.StatusReason;
import dev.cairn.operator.decide.Verdict;
import dev.cairn.operator.job.ConfigMaps;
import dev.cairn.operator.job.JobManifest;
import dev.cairn.operator.job.JobOrder;
import dev.cairn.operator.job.Labels;
import dev.cairn.operator.job.Names;
import dev.cairn.operator.job.RunnerImage;
import dev.cairn.operator.observe.Observed;
import dev.cairn.operator.observe.Queue;
import dev.cairn.operator.observe.World;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Creates, stops, resumes and deletes Jobs. */
final class Jobs {
    private final KubernetesClient client;
    private final World world;
    private final RunnerImage image;

    /** One lock for each target: two of its migrations must not both find it free. */
    private final Map<String, Object> locks = new ConcurrentHashMap<>();

    Jobs(KubernetesClient client, World world, RunnerImage image) {
        this.client = client;
        this.world = world;
        this.image = image;
    }

    Decision start(Decision.Start start, Observed observed) {
        var migration = observed.migration();
        var order = new JobOrder(
                start.job(),
                migration,
                required(observed.target(), migration),
                required(observed.plan(), migration),
                required(observed.settings(), migration),
                image);
        synchronized (lock(migration)) {
            if (isOccupied(migration)) return queued(observed);
            clearAway(migration, start.job());
            var parts = ConfigMaps.plan(migration, start.job(), order.plan());
            for (var part : parts) if (!create(part, migration)) return taken(observed, part);
            client.resource(ConfigMaps.settings(migration, start.job(), order.settings()))
                    .fieldManager(Upkeep.FIELD_MANAGER)
                    .forceConflicts()
                    .serverSideApply();
            var job = JobManifest.job(order, parts.size());
            return create(job, migration) ? start : taken(observed, job);
        }
    }

    Decision resume(Decision.Resume resume, Observed observed) {
        var migration = observed.migration();
        synchronized (lock(migration)) {
            if (isOccupied(migration))
                return new Decision.Track(queued(observed).verdict(), resume.job(), List.of());
            setSuspend(migration, resume.job(), false);
            return resume;
        }
    }

    Decision suspend(Decision.Suspend suspend, Observed observed) {
        setSuspend(observed.migration(), suspend.job(), true);
        return suspend;
    }

    Decision discard(Decision.Discard discard, Observed observed) {
        delete(observed.migration(), discard.job());
        return discard;
    }

    /** Asked of the API server, not of a cache: a Job created a moment ago counts. */
    private boolean isOccupied(Migration migration) {
        var jobs = client.batch()
                .v1()
                .jobs()
                .inNamespace(migration.getMetadata().getNamespace())
                .withLabels(Labels.onTarget(
                        migration.migrationKind(), migration.spec().targetRef().name()))
                .list();
        return Queue.occupants(world, jobs.getItems().stream(), migration)
                .findAny()
                .isPresent();
    }

    private static Decision.Wait queued(Observed observed) {
        return new Decision.Wait(Verdict.queued(
                observed.facts().self(), observed.facts().target().name()));
    }

    private static Decision.Refused taken(Observed observed, HasMetadata object) {
        return new Decision.Refused(new Verdict(
                StatusReason.Starting,
                "%s waits until the former %s/%s is deleted; if it is not Cairn's own, delete it."
                        .formatted(
                                observed.facts().self(),
                                object.getKind(),
                                object.getMetadata().getName())));
    }

    private Object lock(Migration migration) {
        var target = migration.getMetadata().getNamespace() + "/"
                + migration.spec().targetRef().name();
        return locks.computeIfAbsent(target, key -> new Object());
    }

    /** What is left of earlier plans and retries. */
    private void clearAway(Migration migration, String present) {
        world.jobsOf(migration)
                .map(job -> job.getMetadata().getName())
                .filter(name -> !name.equals(present))
                .forEach(name -> delete(migration, name));
        world.configMapsOf(migration)
                .filter(configMap ->
                        !Names.isFileOf(present, configMap.getMetadata().getName()))
                .forEach(configMap -> client.resource(configMap).delete());
    }

    private void delete(Migration migration, String job) {
        client.batch()
                .v1()
                .jobs()
                .inNamespace(migration.getMetadata().getNamespace())
                .withName(job)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();
    }

    /**
     * Creates it, or finds that it exists and is ours.
     *
     * @return false where a namesake is not ours, or is still being deleted
     */
    private boolean create(HasMetadata object, Migration owner) {
        try {
            client.resource(object).create();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) throw e;
            var existing = client.resource(object).get();
            return existing != null && isLive(existing, owner);
        }
    }

    private static boolean isLive(HasMetadata existing, Migration owner) {
        boolean ours = existing.getMetadata().getOwnerReferences().stream()
                .anyMatch(reference ->
                        reference.getUid().equals(owner.getMetadata().getUid()));
        return ours && existing.getMetadata().getDeletionTimestamp() == null;
    }

    private void setSuspend(Migration migration, String job, boolean suspend) {
        Job patch = new JobBuilder()
                .withNewMetadata()
                .withName(job)
                .withNamespace(migration.getMetadata().getNamespace())
                .endMetadata()
                .withNewSpec()
                .withSuspend(suspend)
                .endSpec()
                .build();
        client.batch()
                .v1()
                .jobs()
                .inNamespace(migration.getMetadata().getNamespace())
                .withName(job)
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    private static <T> T required(@Nullable T value, Migration migration) {
        if (value == null) throw new IllegalStateException(migration.reference() + " was started without a plan");
        return value;
    }
}
