package dev.cairn.e2e.controlplane;

import dev.cairn.operator.job.Labels;
import dev.cairn.plan.ExitCode;
import dev.cairn.plan.Mounts;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the Job controller for the Jobs of migrations, without its pauses. It creates one pod at a time, another pod
 * after a failure, and none while the Job is suspended. It also ends the Job. For tests of the controller's own pauses
 * and finalizers, start the real one: {@link ControlPlane#startControllers}.
 */
public final class StandInJobController implements AutoCloseable {
    private final KubernetesClient client;
    private final SharedIndexInformer<Job> jobs;
    private final SharedIndexInformer<Pod> pods;
    private final Lanes lanes = new Lanes();

    private StandInJobController(KubernetesClient client, @Nullable String namespace) {
        this.client = client;
        var ourPods = client.pods();
        var ourJobs = client.batch().v1().jobs();
        pods = (namespace == null ? ourPods.inAnyNamespace() : ourPods.inNamespace(namespace))
                .withLabel(Labels.MANAGED_BY, Labels.CAIRN)
                .inform(new Handler<>(pod -> pod.getMetadata()
                        .getOwnerReferences()
                        .forEach(job -> look(pod.getMetadata().getNamespace() + "/" + job.getName()))));
        jobs = (namespace == null ? ourJobs.inAnyNamespace() : ourJobs.inNamespace(namespace))
                .withLabel(Labels.MANAGED_BY, Labels.CAIRN)
                .inform(new Handler<>(job -> look(key(job))));
    }

    /**
     * Starts to handle Jobs.
     *
     * @param namespace the namespace of the Jobs, null for all
     */
    public static StandInJobController start(KubernetesClient client, @Nullable String namespace) {
        return new StandInJobController(client, namespace);
    }

    @Override
    public void close() {
        jobs.close();
        pods.close();
        lanes.close();
    }

    private void look(String job) {
        lanes.run(job, () -> reconcile(job));
    }

    private void reconcile(String key) {
        var job = jobs.getIndexer().getByKey(key);
        if (job == null || JobStatuses.isFinished(job)) return;
        var pod = pods.getIndexer().getByKey(key + "-" + JobStatuses.failures(job));
        boolean deleting = job.getMetadata().getDeletionTimestamp() != null;
        if (!deleting && isToEnd(job)) {
            end(job, pod);
        } else if (deleting || Boolean.TRUE.equals(job.getSpec().getSuspend())) {
            if (pod != null && pod.getMetadata().getDeletionTimestamp() == null)
                client.resource(pod).delete();
            if (!deleting && pod == null && !JobStatuses.isSuspended(job)) write(JobStatuses.suspended(job));
        } else if (pod == null) {
            client.resource(newPod(job)).create();
            write(JobStatuses.active(job));
        } else {
            reconcile(job, pod);
        }
    }

    /**
     * The operator sets a deadline of one second for a Job that must end, and of minutes for a Job that reads a ledger.
     */
    private static boolean isToEnd(Job job) {
        var deadline = job.getSpec().getActiveDeadlineSeconds();
        return deadline != null && deadline <= 1;
    }

    private void end(Job job, @Nullable Pod pod) {
        if (pod == null || hasEnded(pod)) write(JobStatuses.late(job));
        else if (pod.getMetadata().getDeletionTimestamp() == null)
            client.resource(pod).delete();
    }

    private static boolean hasEnded(Pod pod) {
        return List.of("Succeeded", "Failed")
                .contains(String.valueOf(pod.getStatus().getPhase()));
    }

    private void reconcile(Job job, Pod pod) {
        switch (String.valueOf(pod.getStatus().getPhase())) {
            case "Succeeded" -> write(JobStatuses.complete(job));
            case "Failed" ->
                write(
                        exitCode(pod) == ExitCode.PERMANENT.code() || isTriedOnce(job)
                                ? JobStatuses.failed(job, pod.getMetadata().getName())
                                : JobStatuses.triesAgain(job));
            default -> {}
        }
    }

    private static boolean isTriedOnce(Job job) {
        var limit = job.getSpec().getBackoffLimit();
        return limit != null && limit == 0;
    }

    /** The write fails if the Job has changed in the meantime. Then the Job is handled again. */
    private void write(Job job) {
        client.resource(job).updateStatus();
    }

    private static Pod newPod(Job job) {
        var template = job.getSpec().getTemplate();
        var name = job.getMetadata().getName();
        return new PodBuilder()
                .withNewMetadataLike(template.getMetadata())
                .withName(name + "-" + JobStatuses.failures(job))
                .withNamespace(job.getMetadata().getNamespace())
                .addToLabels("batch.kubernetes.io/job-name", name)
                .addToLabels(
                        "batch.kubernetes.io/controller-uid", job.getMetadata().getUid())
                .addNewOwnerReference()
                .withApiVersion(job.getApiVersion())
                .withKind(job.getKind())
                .withName(name)
                .withUid(job.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .endOwnerReference()
                .endMetadata()
                .withSpec(template.getSpec()
                        .edit()
                        .withNodeName(StandInKubelet.NODE)
                        .build())
                .build();
    }

    private static int exitCode(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getName().equals(Mounts.CONTAINER))
                .map(status -> status.getState().getTerminated())
                .filter(end -> end != null)
                .mapToInt(end -> end.getExitCode())
                .findFirst()
                .orElse(-1);
    }

    private static String key(HasMetadata object) {
        return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    }

    private record Handler<T>(Consumer<T> look) implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T object) {
            look.accept(object);
        }

        @Override
        public void onUpdate(T before, T object) {
            look.accept(object);
        }

        @Override
        public void onDelete(T object, boolean unknown) {
            look.accept(object);
        }
    }
}
