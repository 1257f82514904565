package dev.cairn.operator.act;

import dev.cairn.crds.Migration;
import dev.cairn.operator.cache.Kept;
import dev.cairn.operator.job.Labels;
import dev.cairn.operator.observe.JobReading;
import dev.cairn.operator.observe.SerialReads;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
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

/** The calls to the API server about Jobs and their pods. All reads are live. */
final class JobApi {
    /** The API server's field name for the count of a Job's succeeded pods. */
    private static final String SUCCEEDED = "status.successful";

    private final KubernetesClient client;
    private final SerialReads reads;

    JobApi(KubernetesClient client, SerialReads reads) {
        this.client = client;
        this.reads = reads;
    }

    Optional<Job> get(Migration migration, String name) {
        return Optional.ofNullable(resource(migration, name).get());
    }

    /**
     * The Jobs in the migration's namespace with these labels and without a succeeded pod. A target has many succeeded
     * Jobs, and pages are small.
     */
    List<Job> notSucceeded(Migration migration, Map<String, String> labels) {
        return PagedList.of(
                client.batch()
                        .v1()
                        .jobs()
                        .inNamespace(migration.getMetadata().getNamespace())
                        .withLabels(labels)
                        .withField(SUCCEEDED, "0"),
                Kept.jobs(),
                reads);
    }

    /**
     * Creates a Job, or finds that it exists and belongs to the owner.
     *
     * @return the Job from the API server; empty if a Job of that name has another owner or is being deleted
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
     * Ends a Job that is replaced. It gets no further pod. The Job controller stops its pod and then fails the Job,
     * also if it was suspended. Its failed pods stay as evidence until its time to live is over.
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
                        .withSuspend(false) // a suspended Job has no deadline
                        .withParallelism(0)
                        .withActiveDeadlineSeconds(1L)
                        .endSpec()
                        .build());
    }

    /** A pod of a Job that may still work, other than these. */
    Optional<Pod> podAtWork(Migration migration, Job job, List<String> others) {
        var pods = client.pods()
                .inNamespace(migration.getMetadata().getNamespace())
                .withLabel(Labels.UID, migration.getMetadata().getUid());
        return PagedList.of(pods, Kept.pods(), reads).stream()
                .filter(pod -> JobReading.belongs(pod, job)
                        && !hasEnded(pod)
                        && !others.contains(pod.getMetadata().getName()))
                .findAny();
    }

    private static boolean hasEnded(Pod pod) {
        var status = pod.getStatus();
        return status != null && ("Failed".equals(status.getPhase()) || "Succeeded".equals(status.getPhase()));
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
