package dev.cairn.operator.act;

import dev.cairn.crds.Migration;
import dev.cairn.operator.job.Labels;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ScalableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The calls to the API server about Jobs and their pods. All read live. */
final class JobApi {
    private final KubernetesClient client;

    JobApi(KubernetesClient client) {
        this.client = client;
    }

    Optional<Job> get(Migration migration, String name) {
        return Optional.ofNullable(resource(migration, name).get());
    }

    /** The Jobs in the migration's namespace that have these labels. */
    List<Job> list(Migration migration, Map<String, String> labels) {
        return client.batch()
                .v1()
                .jobs()
                .inNamespace(migration.getMetadata().getNamespace())
                .withLabels(labels)
                .list()
                .getItems();
    }

    /**
     * Creates it, or finds that it exists and is ours.
     *
     * @return the Job as the API server knows it; empty where a namesake is not ours, or is still being deleted
     */
    Optional<Job> create(Job job, Migration owner) {
        try {
            return Optional.of(client.resource(job).create());
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) throw e;
            return Optional.ofNullable(client.resource(job).get()).filter(existing -> JobFiles.isLive(existing, owner));
        }
    }

    void delete(Migration migration, String name) {
        resource(migration, name)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();
    }

    void setSuspend(Migration migration, String name, boolean suspend) {
        patch(
                migration,
                name,
                empty(migration, name)
                        .withNewSpec()
                        .withSuspend(suspend)
                        .endSpec()
                        .build());
    }

    /**
     * Lets a Job with failed pods give way: it gets no pod any more, and the Job controller ends it. Its pods stay as
     * evidence until its time to live is over.
     */
    void giveWay(Migration migration, String name) {
        patch(
                migration,
                name,
                empty(migration, name)
                        .editMetadata()
                        .addToAnnotations(Labels.REPLACED, "true")
                        .endMetadata()
                        .withNewSpec()
                        .withSuspend(true)
                        .withBackoffLimit(0)
                        .endSpec()
                        .build());
    }

    /** Deletes a pod without waiting for its node. */
    void forget(Migration migration, String pod) {
        client.pods()
                .inNamespace(migration.getMetadata().getNamespace())
                .withName(pod)
                .withGracePeriod(0)
                .delete();
    }

    private static JobBuilder empty(Migration migration, String name) {
        return new JobBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(migration.getMetadata().getNamespace())
                .endMetadata();
    }

    private void patch(Migration migration, String name, Job patch) {
        resource(migration, name).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    private ScalableResource<Job> resource(Migration migration, String name) {
        return client.batch()
                .v1()
                .jobs()
                .inNamespace(migration.getMetadata().getNamespace())
                .withName(name);
    }
}
