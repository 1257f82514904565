package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.stream.Stream;

/** How many Jobs and pods the migrations of a namespace ever had: those that are gone count too. */
final class Footprint implements AutoCloseable {
    private final KubernetesClient client;
    private final String namespace;
    private final Sightings<Job> jobs;
    private final Sightings<Pod> pods;

    Footprint(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
        jobs = Sightings.open(client, namespace, Job.class);
        pods = Sightings.open(client, namespace, Pod.class);
    }

    /**
     * What a migration has used so far.
     *
     * @param reference such as {@code DataMigration/backfill}
     * @param wantedJobs one for each of its plans
     * @param wantedPods one for each attempt
     */
    void requires(String reference, int wantedJobs, int wantedPods) {
        assertThat(jobs(reference)).as("Jobs of " + reference).isEqualTo(wantedJobs);
        assertThat(count(reference, pods, Pod.class))
                .as("pods of " + reference + "; those that ended: " + ends(reference))
                .isEqualTo(wantedPods);
    }

    /** How many Jobs a migration had so far. */
    long jobs(String reference) {
        return count(reference, jobs, Job.class);
    }

    /** How many pods a migration had so far. */
    long pods(String reference) {
        return count(reference, pods, Pod.class);
    }

    /** What its pods left behind. */
    private List<String> ends(String reference) {
        return pods.versions().stream()
                .filter(pod -> isOf(reference, pod))
                .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                .flatMap(container -> Stream.ofNullable(container.getState().getTerminated()))
                .map(end -> end.getReason() + ": " + end.getMessage())
                .distinct()
                .toList();
    }

    private static boolean isOf(String reference, HasMetadata object) {
        var labels = object.getMetadata().getLabels();
        return labels != null && Migrations.name(reference).equals(labels.get("cairn.dev/name"));
    }

    /** What is there now counts as well: a watch may be a moment behind. */
    private <T extends HasMetadata> long count(String reference, Sightings<T> seen, Class<T> type) {
        var now = client.resources(type).inNamespace(namespace).list().getItems();
        return Stream.concat(seen.versions().stream(), now.stream())
                .filter(object -> isOf(reference, object))
                .map(object -> object.getMetadata().getUid())
                .distinct()
                .count();
    }

    @Override
    public void close() {
        jobs.close();
        pods.close();
    }
}
