package dev.cairn.operator.act;

import dev.cairn.crds.MigrationTarget;
import dev.cairn.operator.cache.ClusterCache;
import dev.cairn.operator.decide.ReadingFailure;
import dev.cairn.operator.job.LedgerReaderJob;
import dev.cairn.operator.job.RunnerImage;
import dev.cairn.plan.LedgerQuestion;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Optional;

/** Creates and deletes the Jobs that read ledgers. */
final class ReaderJobs {
    /** The Job controller's label for the pods of a Job. */
    private static final String CONTROLLER_UID = "batch.kubernetes.io/controller-uid";

    private final KubernetesClient client;
    private final ClusterCache cache;
    private final RunnerImage image;

    ReaderJobs(KubernetesClient client, ClusterCache cache, RunnerImage image) {
        this.client = client;
        this.cache = cache;
        this.image = image;
    }

    /**
     * Creates a Job and its file. It first deletes the target's earlier ones, of this process or of an earlier process.
     *
     * @return why the API server refuses it or fails, empty if it is created
     * @throws IllegalArgumentException if the target's spec is unusable; then nothing is created or deleted
     * @throws KubernetesClientException if the API server is unreachable or too busy
     */
    Optional<ReadingFailure> replace(MigrationTarget target, String name, LedgerQuestion question) {
        var manifest = LedgerReaderJob.job(target, name, question, image);
        var file = LedgerReaderJob.file(target, name, question);
        try {
            deleteEarlier(target);
            var job = client.resource(manifest).create();
            // Its pod waits for the file.
            client.resource(LedgerReaderJob.owned(file, job)).create();
            return Optional.empty();
        } catch (KubernetesClientException e) {
            if (Refusals.isServerError(e)) return Optional.of(new ReadingFailure.ServerError(Refusals.answer(e)));
            if (!Refusals.isRefusal(e)) throw e;
            return Optional.of(new ReadingFailure.Refused(Refusals.answer(e)));
        }
    }

    /** The pods of a Job, read live. */
    List<Pod> pods(Job job) {
        return client.pods()
                .inNamespace(job.getMetadata().getNamespace())
                .withLabel(CONTROLLER_UID, job.getMetadata().getUid())
                .list()
                .getItems();
    }

    private void deleteEarlier(MigrationTarget target) {
        cache.jobsOf(target)
                .forEach(job -> client.batch()
                        .v1()
                        .jobs()
                        .inNamespace(job.getMetadata().getNamespace())
                        .withName(job.getMetadata().getName())
                        .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                        .delete());
    }
}
