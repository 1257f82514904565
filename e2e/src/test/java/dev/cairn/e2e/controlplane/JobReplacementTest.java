package dev.cairn.e2e.controlplane;

import static dev.cairn.e2e.controlplane.StandInNamespace.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.Phase;
import dev.cairn.e2e.Manifests;
import dev.cairn.e2e.cluster.AuditEvent;
import dev.cairn.e2e.scenario.Migrations;
import dev.cairn.operator.job.Labels;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Reason;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What becomes of a Job that has not ended, with the real Job controller and pods that only seem to run. */
@OnControlPlane
class JobReplacementTest {
    private static final String BACKFILL = "DataMigration/backfill";
    private static final String MIGRATION = """
            apiVersion: cairn.dev/v1alpha1
            kind: DataMigration
            metadata: {name: backfill}
            spec:
              targetRef: {name: chat}
              over: {table: messages, as: m}
              sql: UPDATE messages m SET mood = 'calm' WHERE :batch
            """;

    @Test
    void anAttemptThatMadeProgressIsFollowedAtOnceAndFailedPodsAreKept(@OnControlPlane.Own ControlPlane plane) {
        // given pods of which five die, each a little further than the one before it
        try (var place =
                Place.open(plane, (migration, attempt) -> attempt <= 5 ? died(attempt * 100L) : PodRun.applied())) {
            // when the migration runs, then the sixth attempt ends it, without the Job controller's pauses of five
            // minutes
            place.apply(TARGET, MIGRATION);
            place.migrations.await(BACKFILL, Phase.Applied);

            // and each had a Job of its own, of which the last and three with failed pods are left
            assertThat(place.jobs().getLast().getMetadata().getAnnotations()).containsEntry("cairn.dev/attempt", "6");
            place.eventually("three failed pods are left", () -> place.failedPods() == 3);
            place.eventually(
                    "the files of deleted Jobs are gone",
                    () -> place.ownersOfFiles().stream()
                            .allMatch(owner -> place.jobs().stream()
                                    .anyMatch(job -> job.getMetadata().getUid().equals(owner))));
        }
    }

    /** What a mirror of a registry does, without a webhook's server. */
    private static final String MIRROR = """
            apiVersion: admissionregistration.k8s.io/v1beta1
            kind: MutatingAdmissionPolicy
            metadata: {name: mirror}
            spec:
              matchConstraints:
                resourceRules: [{apiGroups: [batch], apiVersions: [v1], operations: [CREATE], resources: [jobs]}]
              failurePolicy: Fail
              reinvocationPolicy: Never
              mutations:
              - patchType: JSONPatch
                jsonPatch:
                  expression: >-
                    [JSONPatch{op: "replace", path: "/spec/template/spec/containers/0/image",
                     value: "mirror.example/" + object.spec.template.spec.containers[0].image}]
            ---
            apiVersion: admissionregistration.k8s.io/v1beta1
            kind: MutatingAdmissionPolicyBinding
            metadata: {name: mirror}
            spec: {policyName: mirror}
            """;

    @Test
    void aJobWhoseImageWasChangedOnAdmissionIsLeftAloneAndCorrectionsArrive(@OnControlPlane.Own ControlPlane plane) {
        try (var place = Place.open(plane, (migration, attempt) -> new PodRun.NeverStarts())) {
            // given a policy of the cluster that lets images come from a mirror
            Manifests.parse(MIRROR)
                    .forEach(object -> plane.client().resource(object).create());
            place.eventually("the policy holds", () -> place.imageOfAProbe().startsWith("mirror.example/"));

            // when a migration starts
            place.apply(TARGET, MIGRATION);
            place.eventually("there is a pod", () -> place.pods() > 0);
            assertThat(place.images()).containsOnly("mirror.example/cairn-runner:test");

            // then its Job understands all settings of this version
            place.apply(TARGET.replace("}}}", "}}, report: {keys: false}}"));
            place.eventually("the settings arrive", () -> place.settings().contains("\"keys\":false"));

            // and the next correction of the target is the first reason to replace it
            place.apply(TARGET.replace("}}}", "}}, report: {keys: false}, job: {imagePullSecrets: [{name: pull}]}}"));
            place.eventually(
                    "a Job with the correction", () -> place.jobs().stream().anyMatch(Place::hasPullSecret));
            assertThat(place.jobs().getLast().getMetadata().getAnnotations().get("cairn.dev/attempt"))
                    .isEqualTo("2");
        }
    }

    @Test
    void withoutItsTargetNoJobGoesOn(@OnControlPlane.Own ControlPlane plane) {
        try (var place = Place.open(plane, (migration, attempt) -> new PodRun.Hangs())) {
            // given a backfill at work, stopped by a freeze of its target
            place.apply(TARGET, MIGRATION);
            place.migrations.await(BACKFILL, Phase.Running);
            place.apply(TARGET.replace("}}}", "}}, suspend: true}"));
            place.migrations.awaitMessage(BACKFILL, "Suspended/TargetSuspended");

            // when the target is deleted, then its Job stays suspended
            place.deleteTarget();
            assertThat(place.migrations.awaitMessage(BACKFILL, "Waiting/TargetNotFound"))
                    .contains("MigrationTarget/chat, which does not exist", "create it");
            assertThat(place.jobs()).allMatch(job -> job.getSpec().getSuspend());

            // and goes on when the target is back
            place.apply(TARGET);
            place.migrations.await(BACKFILL, Phase.Running);

            // when the target of a backfill at work is deleted, then the backfill is stopped
            place.deleteTarget();
            place.migrations.awaitMessage(BACKFILL, "Waiting/TargetNotFound");
            place.eventually(
                    "its Job is suspended",
                    () -> place.jobs().stream().allMatch(job -> job.getSpec().getSuspend()));
        }
    }

    @Test
    void aCorrectionOfTheTargetReachesAJobThatCannotStart(@OnControlPlane.Own ControlPlane plane) {
        try (var place =
                Place.open(plane, (migration, attempt) -> attempt == 1 ? new PodRun.NeverStarts() : PodRun.applied())) {
            // given a Job whose pod does not start
            place.apply(TARGET, MIGRATION);
            place.eventually("there is a pod", () -> place.pods() == 1);

            // when the target's settings for pods are corrected
            place.apply(TARGET.replace("}}}", "}}, job: {imagePullSecrets: [{name: pull}]}}"));

            // then a Job with the correction does the work
            place.migrations.await(BACKFILL, Phase.Applied);
            assertThat(place.jobs().getLast().getSpec().getTemplate().getSpec().getImagePullSecrets())
                    .extracting(secret -> secret.getName())
                    .containsExactly("pull");
            place.eventually(
                    "no Job is left unfinished", () -> place.jobs().stream().allMatch(JobStatuses::isFinished));
        }
    }

    @Test
    void aPodOnALostNodeIsReplacedByForce(@OnControlPlane.Own ControlPlane plane) {
        try (var place = Place.open(plane, (migration, attempt) -> new PodRun.Hangs())) {
            // given a pod that runs on a node
            place.apply(TARGET, MIGRATION);
            place.migrations.await(BACKFILL, Phase.Running);
            place.eventually("its pod runs", () -> place.runningPods().size() == 1);
            var lost = place.runningPods();

            // when Kubernetes no longer hears from the node, then a pod on another node takes its place
            place.loseNode();
            place.eventually(
                    "another pod runs alone",
                    () -> place.runningPods().size() == 1
                            && !place.runningPods().equals(lost));

            // and that one is left alone and ends the migration
            place.kubelet.end(BACKFILL, PodRun.applied());
            place.migrations.await(BACKFILL, Phase.Applied);
            assertThat(place.jobs().getLast().getMetadata().getAnnotations()).containsEntry("cairn.dev/attempt", "2");

            // and the chart gives the operator the right to delete the lost one
            assertThat(plane.auditLog()
                            .filter(request -> request.verb().equals("delete")
                                    && request.resource().equals("pods")))
                    .isNotEmpty()
                    .allMatch(AuditEvent::allowed);
        }
    }

    /** It walked so many rows and lost its connection. */
    private static PodRun died(long walked) {
        var progress =
                new Progress(Progress.Activity.Running, null, 1, 0, 0, walked, walked, 1000L, 0, 100, 0, List.of());
        return new PodRun.Ends(
                Duration.ofSeconds(1),
                Reason.ConnectionLost.exitCode().code(),
                new Outcome(Reason.ConnectionLost, "the server is gone", null, null, progress));
    }

    /** A namespace with an operator, the real Job controller and a stand-in for the kubelet. */
    private record Place(
            KubernetesClient client,
            String namespace,
            Migrations migrations,
            OperatorProcess operator,
            StandInKubelet kubelet)
            implements AutoCloseable {
        static Place open(ControlPlane plane, StandInKubelet.Script script) {
            plane.startControllers(ControlPlane.JOB_CONTROLLERS);
            var namespace = plane.createNamespace("jobs");
            var operator = plane.operator(OperatorProcess.Setup.watching());
            operator.start().awaitReady();
            return new Place(
                    plane.client(),
                    namespace,
                    new Migrations(plane.client(), namespace),
                    operator,
                    StandInKubelet.start(plane.client(), namespace, script));
        }

        void apply(String... manifests) {
            Manifests.apply(client, namespace, manifests);
        }

        void deleteTarget() {
            client.resources(MigrationTarget.class)
                    .inNamespace(namespace)
                    .withName("chat")
                    .delete();
        }

        /** Of the migration, not those that read its ledger; the oldest first. */
        List<Job> jobs() {
            return client
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(namespace)
                    .withoutLabel(Labels.ROLE)
                    .list()
                    .getItems()
                    .stream()
                    .sorted(Comparator.comparingInt(Place::attempt))
                    .toList();
        }

        private static int attempt(Job job) {
            return Integer.parseInt(job.getMetadata().getAnnotations().getOrDefault("cairn.dev/attempt", "1"));
        }

        /** Of a Job that is not created. */
        String imageOfAProbe() {
            var probe = new JobBuilder()
                    .withNewMetadata()
                    .withName("probe")
                    .endMetadata()
                    .withNewSpec()
                    .withNewTemplate()
                    .withNewSpec()
                    .withRestartPolicy("Never")
                    .addNewContainer()
                    .withName("probe")
                    .withImage("probe:1")
                    .endContainer()
                    .endSpec()
                    .endTemplate()
                    .endSpec()
                    .build();
            return image(client.resource(probe).inNamespace(namespace).dryRun().create());
        }

        List<String> images() {
            return jobs().stream().map(Place::image).toList();
        }

        private static String image(Job job) {
            return job.getSpec()
                    .getTemplate()
                    .getSpec()
                    .getContainers()
                    .getFirst()
                    .getImage();
        }

        static boolean hasPullSecret(Job job) {
            return !job.getSpec().getTemplate().getSpec().getImagePullSecrets().isEmpty();
        }

        /** Of the newest Job, empty while there are none. */
        String settings() {
            var file = client.configMaps()
                    .inNamespace(namespace)
                    .withName(jobs().getLast().getMetadata().getName() + "-settings")
                    .get();
            return file == null ? "" : String.join("", file.getData().values());
        }

        long pods() {
            return client.pods()
                    .inNamespace(namespace)
                    .withoutLabel(Labels.ROLE)
                    .list()
                    .getItems()
                    .size();
        }

        /** Their names. */
        List<String> runningPods() {
            return podsIn("Running");
        }

        long failedPods() {
            return podsIn("Failed").size();
        }

        private List<String> podsIn(String phase) {
            return client.pods().inNamespace(namespace).withoutLabel(Labels.ROLE).list().getItems().stream()
                    .filter(pod -> phase.equals(pod.getStatus().getPhase()))
                    .map(pod -> pod.getMetadata().getName())
                    .toList();
        }

        List<String> ownersOfFiles() {
            return client
                    .configMaps()
                    .inNamespace(namespace)
                    .withLabel("cairn.dev/uid")
                    .withoutLabel(Labels.ROLE)
                    .list()
                    .getItems()
                    .stream()
                    .flatMap(file -> file.getMetadata().getOwnerReferences().stream())
                    .map(owner -> Objects.requireNonNull(owner.getUid(), "an owner has a UID"))
                    .toList();
        }

        void loseNode() {
            var node = new NodeBuilder()
                    .withNewMetadata()
                    .withName(kubelet.loseNode())
                    .endMetadata()
                    .withNewStatus()
                    .addNewCondition()
                    .withType("Ready")
                    .withStatus("Unknown")
                    .withReason("NodeStatusUnknown")
                    .endCondition()
                    .endStatus()
                    .build();
            client.resource(node).create();
            client.resource(node).patchStatus();
        }

        void eventually(String what, java.util.concurrent.Callable<Boolean> condition) {
            Awaitility.await(what)
                    .atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(200))
                    .until(condition);
        }

        @Override
        public void close() {
            kubelet.close();
            operator.close();
        }
    }
}
