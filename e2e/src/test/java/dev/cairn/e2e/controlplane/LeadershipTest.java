package dev.cairn.e2e.controlplane;

import static dev.cairn.e2e.controlplane.StandInNamespace.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import dev.cairn.e2e.Chart;
import dev.cairn.e2e.Manifests;
import dev.cairn.e2e.cluster.AuditEvent;
import dev.cairn.e2e.controlplane.OnControlPlane.Own;
import dev.cairn.e2e.scenario.Migrations;
import dev.cairn.operator.job.Labels;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Which replica works, and that no other one writes. */
@OnControlPlane
class LeadershipTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete", "deletecollection");
    private static final String MIGRATION = """
            apiVersion: cairn.dev/v1alpha1
            kind: SchemaMigration
            metadata: {name: %s}
            spec: {targetRef: {name: %s}, steps: [{sql: SELECT 1}]}
            """;

    @Test
    void aLeaderThatIsToldToEndGivesItsLeaseBackAndTheNextOneWorks(@Own ControlPlane plane) {
        var namespace = plane.createNamespace("ending");
        var setup = OperatorProcess.Setup.watching(namespace).electingALeader();
        try (var first = plane.operator(setup);
                var second = plane.operator(setup)) {
            // given a leader and a replica that stands by
            first.start().awaitReady();
            awaitLeader(plane, first);
            second.start().awaitReady();

            // when the leader is told to end
            long from = System.nanoTime();
            int status = first.terminate();
            var end = since(from);
            var holder = holder(plane);

            // then it ends as it should, the lease is not its own any more, and the other one does the work
            Manifests.apply(plane.client(), namespace, MIGRATION.formatted("next", "nowhere"));
            new Migrations(plane.client(), namespace).await("SchemaMigration/next", Phase.Waiting);
            System.out.println("MEASURED ending: " + end + ", the next leader at work: " + since(from));
            assertThat(status).isEqualTo(143);
            assertThat(holder).isNotEqualTo(first.name());
            assertThat(holder(plane)).isEqualTo(second.name());
        }
    }

    @Test
    void aLeaderThatWasFrozenForLongerThanItsLeaseWritesNothingWhenItWakes(@Own ControlPlane plane) {
        var namespace = plane.createNamespace("frozen");
        var setup = OperatorProcess.Setup.watching(namespace).electingALeader();
        try (var first = plane.operator(setup);
                var second = plane.operator(setup)) {
            first.start().awaitReady();
            awaitLeader(plane, first);
            Manifests.apply(plane.client(), namespace, TARGET);
            second.start().awaitReady();

            // given a frozen leader whose lease another one took, which then died
            first.pause();
            awaitLeader(plane, second);
            second.kill();
            long before = writes(plane, first);
            Manifests.apply(plane.client(), namespace, MIGRATION.formatted("work", "chat"));

            // when it wakes beside work that nobody does, and cannot see who holds the lease now
            var right = takeRightToLeases(plane);
            first.wake();

            // then it ends without having written anything, and the migration has no Job
            assertThat(first.awaitEnd(PATIENCE)).isEqualTo(1);
            assertThat(writes(plane, first)).isEqualTo(before);
            assertThat(plane.client()
                            .batch()
                            .v1()
                            .jobs()
                            .inNamespace(namespace)
                            .withoutLabel(Labels.ROLE)
                            .list()
                            .getItems())
                    .isEmpty();

            // and started again, as the kubelet would, it takes the lease when it has run out, and does the work
            plane.client().resource(right).create();
            first.start().awaitReady();
            new Migrations(plane.client(), namespace).await("SchemaMigration/work", Phase.Running);
        }
    }

    @Test
    void anApiServerThatIsGoneForLongerThanTheLeaseEndsTheOperatorWhichThenWaitsForIt(@Own ControlPlane plane) {
        var namespace = plane.createNamespace("gone");
        var migrations = new Migrations(plane.client(), namespace);
        try (var operator =
                plane.operator(OperatorProcess.Setup.watching(namespace).electingALeader())) {
            operator.start().awaitReady();
            awaitLeader(plane, operator);

            // given an API server that did not answer for a moment: the operator goes on
            plane.apiServer().pause();
            plane.apiServer().resume();
            Manifests.apply(plane.client(), namespace, MIGRATION.formatted("before", "nowhere"));
            migrations.await("SchemaMigration/before", Phase.Waiting);

            // when it is gone for longer, then the lease is lost, and the process with it
            plane.apiServer().kill();
            assertThat(operator.awaitEnd(PATIENCE)).isEqualTo(1);

            // and started anew meanwhile, it lives and waits, and works when the API server is back
            operator.start();
            Awaitility.await().atMost(PATIENCE).until(() -> operator.probe("/healthz") == 200);
            assertThat(operator.probe("/readyz")).isEqualTo(503);
            plane.apiServer().start();
            Manifests.apply(plane.client(), namespace, MIGRATION.formatted("after", "nowhere"));
            migrations.await("SchemaMigration/after", Phase.Waiting);
            assertThat(operator.isAlive()).isTrue();
        }
    }

    /**
     * Takes the operator's right to leases away, so that its own clock alone tells it that its time is up.
     *
     * @return what gives it back
     */
    private static RoleBinding takeRightToLeases(ControlPlane plane) {
        var bindings = plane.client().rbac().roleBindings().inNamespace(Chart.NAMESPACE);
        var right = bindings.withName(Chart.RELEASE + "-leader").require();
        bindings.withName(right.getMetadata().getName()).delete();
        Awaitility.await("the right is gone").atMost(PATIENCE).until(() -> !mayReadLeases(plane));
        right.getMetadata().setResourceVersion(null);
        return right;
    }

    private static boolean mayReadLeases(ControlPlane plane) {
        var review = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser("system:serviceaccount:" + Chart.NAMESPACE + ":" + Chart.RELEASE)
                .withNewResourceAttributes()
                .withNamespace(Chart.NAMESPACE)
                .withGroup("coordination.k8s.io")
                .withResource("leases")
                .withName(Chart.RELEASE)
                .withVerb("get")
                .endResourceAttributes()
                .endSpec()
                .build();
        return plane.client()
                .authorization()
                .v1()
                .subjectAccessReview()
                .create(review)
                .getStatus()
                .getAllowed();
    }

    private static long writes(ControlPlane plane, OperatorProcess operator) {
        return plane.auditLog()
                .filter(event -> WRITES.contains(event.verb()))
                .map(AuditEvent::agent)
                .filter(("cairn-operator/" + operator.name())::equals)
                .count();
    }

    private static void awaitLeader(ControlPlane plane, OperatorProcess operator) {
        Awaitility.await(operator.name() + " leads")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> operator.name().equals(holder(plane)));
    }

    private static String holder(ControlPlane plane) {
        var lease = plane.client()
                .leases()
                .inNamespace(Chart.NAMESPACE)
                .withName(Chart.RELEASE)
                .get();
        return lease == null ? "" : String.valueOf(lease.getSpec().getHolderIdentity());
    }

    private static String since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis() + " ms";
    }
}
