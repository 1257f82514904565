package dev.cairn.operator.act;

import dev.cairn.crds.Migration;
import dev.cairn.operator.job.ConfigMaps;
import dev.cairn.operator.job.Labels;
import dev.cairn.operator.job.Names;
import dev.cairn.operator.observe.JobReading;
import dev.cairn.operator.observe.PlanRoom;
import dev.cairn.operator.observe.SerialReads;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Plan;
import dev.cairn.plan.Settings;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The ConfigMaps of a Job. They belong to the Job, so they are created after it, and its pod waits for them. If the
 * operator ends in between, {@link #complete} creates them later.
 */
final class JobFiles {
    private final KubernetesClient client;
    private final PlanRoom room;
    private final SerialReads reads;

    JobFiles(KubernetesClient client, PlanRoom room, SerialReads reads) {
        this.client = client;
        this.room = room;
        this.reads = reads;
    }

    /**
     * Creates the missing ones. Existing ones stay.
     *
     * @param pieces of the plan, as {@link ConfigMaps#pieces} returns them
     * @return a ConfigMap of that name that does not belong to the Job; empty if all exist
     */
    Optional<HasMetadata> complete(Migration migration, Job job, List<byte[]> pieces, Settings settings) {
        for (int n = 0; n < pieces.size(); n++) {
            var part = ConfigMaps.part(migration, job, n, pieces.get(n));
            if (!create(part, job)) return Optional.of(part);
        }
        client.resource(ConfigMaps.settings(migration, job, settings))
                .fieldManager(Upkeep.FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply();
        return Optional.empty();
    }

    /**
     * The plan of a Job, read live from its files; empty if these are gone or come from a release that this one cannot
     * read.
     *
     * @throws PlanRoom.TakenException if it is large, and another pass has the room for large plans
     */
    Optional<Plan> plan(Job job) {
        var meta = job.getMetadata();
        var pieces = new ArrayList<byte[]>();
        for (var part = part(job, 0);
                part.isPresent() && pieces.size() < ConfigMaps.MOST_PARTS;
                part = part(job, pieces.size())) {
            if (!pieces.isEmpty()) room.take(meta.getNamespace());
            pieces.add(part.get());
        }
        if (pieces.isEmpty()) return Optional.empty();
        try {
            return Optional.of(ConfigMaps.plan(pieces, () -> room.take(meta.getNamespace())))
                    .filter(plan -> plan.hash().equals(meta.getAnnotations().get(Labels.PLAN)));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private Optional<byte[]> part(Job job, int n) {
        var part = client.configMaps()
                .inNamespace(job.getMetadata().getNamespace())
                .withName(Names.planPart(job.getMetadata().getName(), n));
        return reads.read(() -> Optional.ofNullable(part.get())
                .map(ConfigMap::getBinaryData)
                .map(data -> data.get(Mounts.planPart(n)))
                .map(text -> Base64.getDecoder().decode(text)));
    }

    private boolean create(ConfigMap part, Job job) {
        try {
            client.resource(part).create();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) throw e;
            var existing = reads.read(() -> client.resource(part).get());
            return existing != null && isLive(existing, job);
        }
    }

    /** Whether it belongs to the owner and is not being deleted. */
    static boolean isLive(HasMetadata existing, HasMetadata owner) {
        return existing.getMetadata().getDeletionTimestamp() == null && JobReading.belongs(existing, owner);
    }
}
