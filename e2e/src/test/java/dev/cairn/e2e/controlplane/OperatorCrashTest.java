package dev.cairn.e2e.controlplane;

import static dev.cairn.e2e.controlplane.StandInNamespace.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.SchemaMigration;
import dev.cairn.e2e.Manifests;
import dev.cairn.operator.decide.Decision;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** An operator that dies between any two of its writes, or whose caches are behind, with the real Job controller. */
@OnControlPlane
class OperatorCrashTest {
    private static final String NAME = "files";
    private static final String CORRECTED = TARGET.replace("}}}", "}}, job: {imagePullSecrets: [{name: pull}]}}");
    private static final String FILES = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: sql}
            data: {1.sql: SELECT 1}
            """;
    private static final String MIGRATION = """
            apiVersion: cairn.dev/v1alpha1
            kind: SchemaMigration
            metadata: {name: files}
            spec: {targetRef: {name: chat}, stepsFrom: [{configMapRef: {name: sql}}]}
            """;

    /** More than any replacement takes. */
    private static final int MANY = 20;

    @Test
    void aStartGoesOnWhereverTheOperatorDies(@OnControlPlane.Own ControlPlane plane) {
        plane.startControllers(ControlPlane.JOB_CONTROLLERS);
        try (var kubelet = StandInKubelet.start(plane.client(), null, (migration, attempt) -> new PodRun.Hangs())) {
            boolean died = true;
            for (int writes = 0; died; writes++) {
                assertThat(writes).isLessThan(MANY);
                // given an operator that dies before one of its writes
                var place = Place.create(plane);
                place.apply(TARGET, FILES, MIGRATION);
                died = place.diesBeforeWrite(writes);

                // when the migration is edited and another operator comes up
                place.apply(FILES.replace("1.sql: SELECT 1", "1.sql: SELECT 1, 2.sql: SELECT 2"));
                place.settles();

                // then one Job runs, with its files
                place.requireOneJobWithItsFiles("after " + writes + " writes");
            }
        }
    }

    @Test
    void aReplacementGoesOnWithItsPlanWhereverTheOperatorDies(@OnControlPlane.Own ControlPlane plane) {
        plane.startControllers(ControlPlane.JOB_CONTROLLERS);
        StandInKubelet.Script script =
                (migration, attempt) -> attempt == 1 ? new PodRun.NeverStarts() : new PodRun.Hangs();
        try (var kubelet = StandInKubelet.start(plane.client(), null, script)) {
            boolean died = true;
            for (int writes = 0; died; writes++) {
                assertThat(writes).isLessThan(MANY);
                // given a migration that has begun, whose second Job cannot start
                var place = Place.create(plane);
                place.apply(TARGET, FILES, MIGRATION);
                place.startsAPodThatStaysPending();
                var plan =
                        place.jobs().getFirst().getMetadata().getAnnotations().get("cairn.dev/plan");
                place.hasBegun();

                // when its files change, its target is corrected, and the operator dies while it replaces the Job
                place.apply(FILES.replace("1.sql: SELECT 1", "1.sql: SELECT 1, 2.sql: SELECT 2"), CORRECTED);
                died = place.diesBeforeWrite(writes);
                place.settles();

                // then one Job with the correction goes on with the plan that has begun
                var job = place.requireOneJobWithItsFiles("after " + writes + " writes");
                assertThat(job.getSpec().getTemplate().getSpec().getImagePullSecrets())
                        .isNotEmpty();
                assertThat(job.getMetadata().getAnnotations()).containsEntry("cairn.dev/plan", plan);
            }
        }
    }

    @Test
    void anEditBeforeTheCacheHasTheNewJobMakesNoSecondOne(@OnControlPlane.Own ControlPlane plane) {
        plane.startControllers(ControlPlane.JOB_CONTROLLERS);
        try (var kubelet = StandInKubelet.start(plane.client(), null, (migration, attempt) -> new PodRun.Hangs())) {
            // given an operator whose caches are behind, which starts a migration
            var place = Place.create(plane);
            place.apply(TARGET, FILES, MIGRATION);
            try (var operator = SteppedOperator.start(plane, place.namespace())) {
                operator.stopFollowing();
                assertThat(operator.look(NAME)).isInstanceOf(Decision.Start.class);

                // when its files are edited before the cache has its Job
                place.apply(FILES.replace("SELECT 1", "SELECT 2"));

                // then no other Job is made, and the message names the one that is there
                var decision = operator.look(NAME);
                assertThat(decision).isInstanceOf(Decision.Refused.class);
                assertThat(place.jobs())
                        .singleElement()
                        .satisfies(job -> assertThat(decision.verdict().message())
                                .contains(job.getMetadata().getName()));
            }

            // and once the cache has it, one Job runs with the files of the edit
            place.settles();
            place.requireOneJobWithItsFiles("after the edit");
        }
    }

    /** A namespace on a control plane whose pods a stand-in runs. */
    private record Place(ControlPlane plane, KubernetesClient client, String namespace) {
        static Place create(ControlPlane plane) {
            return new Place(plane, plane.client(), plane.createNamespace("crash"));
        }

        void apply(String... manifests) {
            Manifests.apply(client, namespace, manifests);
        }

        void startsAPodThatStaysPending() {
            try (var operator = SteppedOperator.start(plane, namespace)) {
                looksUntil(operator, "there is a pod", () -> !pods().isEmpty());
                // Its own writes are in its cache.
                looksUntil(operator, "its Job is seen", () -> operator.cachedJobs(migration()) == 1);
            }
        }

        /** As after a first attempt. */
        void hasBegun() {
            client.resources(SchemaMigration.class)
                    .inNamespace(namespace)
                    .withName(NAME)
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\": {\"attempts\": 1}}");
        }

        /** @return whether it died, instead of having nothing more to write */
        boolean diesBeforeWrite(int writes) {
            try (var operator = SteppedOperator.start(plane, namespace, writes)) {
                var died = new boolean[1];
                Awaitility.await("an operator that dies or has done all")
                        .atMost(Duration.ofMinutes(1))
                        .pollInterval(Duration.ofMillis(200))
                        .until(() -> {
                            died[0] = operator.diesWhileLooking(NAME, 1);
                            requireAtMostOneAtWork();
                            return died[0] || isSettled();
                        });
                return died[0];
            }
        }

        void settles() {
            try (var operator = SteppedOperator.start(plane, namespace)) {
                looksUntil(operator, "one Job at work, and the others over", this::isSettled);
            }
        }

        private void looksUntil(SteppedOperator operator, String what, BooleanSupplier condition) {
            Awaitility.await(what + " in " + namespace)
                    .atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        operator.look(NAME);
                        requireAtMostOneAtWork();
                        return condition.getAsBoolean();
                    });
        }

        private void requireAtMostOneAtWork() {
            assertThat(running()).as("pods at work").hasSizeLessThan(2);
        }

        private boolean isSettled() {
            var open =
                    jobs().stream().filter(job -> !JobStatuses.isFinished(job)).toList();
            return open.size() == 1
                    && running().size() == 1
                    && isOf(running().getFirst(), open.getFirst())
                    && hasFiles(open.getFirst())
                    && operatorSaysRunning();
        }

        private boolean operatorSaysRunning() {
            var status = migration().getStatus();
            return status != null && "Running".equals(String.valueOf(status.phase()));
        }

        Job requireOneJobWithItsFiles(String when) {
            var open =
                    jobs().stream().filter(job -> !JobStatuses.isFinished(job)).toList();
            assertThat(open).as(when).hasSize(1);
            var job = open.getFirst();
            assertThat(hasFiles(job)).as("files " + when).isTrue();
            assertThat(running()).as("pods at work " + when).hasSize(1);
            return job;
        }

        private boolean hasFiles(Job job) {
            var name = job.getMetadata().getName();
            return List.of(name + "-plan-000", name + "-settings").stream().allMatch(file -> {
                var found = client.configMaps()
                        .inNamespace(namespace)
                        .withName(file)
                        .get();
                return found != null
                        && found.getMetadata().getOwnerReferences().stream()
                                .anyMatch(owner ->
                                        owner.getUid().equals(job.getMetadata().getUid()));
            });
        }

        private static boolean isOf(Pod pod, Job job) {
            return pod.getMetadata().getOwnerReferences().stream()
                    .anyMatch(owner -> owner.getUid().equals(job.getMetadata().getUid()));
        }

        SchemaMigration migration() {
            return client.resources(SchemaMigration.class)
                    .inNamespace(namespace)
                    .withName(NAME)
                    .require();
        }

        List<Job> jobs() {
            return client.batch().v1().jobs().inNamespace(namespace).list().getItems();
        }

        private List<Pod> pods() {
            return client.pods().inNamespace(namespace).list().getItems();
        }

        private List<Pod> running() {
            return pods().stream()
                    .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
                    .toList();
        }
    }
}
