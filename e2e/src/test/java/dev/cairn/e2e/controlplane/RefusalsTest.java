package dev.cairn.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import dev.cairn.e2e.Chart;
import dev.cairn.e2e.Manifests;
import dev.cairn.e2e.controlplane.OnControlPlane.Own;
import dev.cairn.e2e.scenario.Migrations;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the API server refuses, or fails at, is said where people look. */
@OnControlPlane
class RefusalsTest {
    private static final String TARGET = """
            apiVersion: cairn.dev/v1alpha1
            kind: MigrationTarget
            metadata: {name: chat}
            spec: {scope: chat, connection: {secretRef: {name: chat-db-app}}}
            """;
    private static final String MIGRATION = """
            apiVersion: cairn.dev/v1alpha1
            kind: SchemaMigration
            metadata: {name: first}
            spec: {targetRef: {name: chat}, steps: [{sql: SELECT 1}]}
            """;

    /** Nobody listens there. */
    private static final String WEBHOOK = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: {name: %1$s}
            webhooks:
            - name: broken.example.org
              admissionReviewVersions: [v1]
              sideEffects: None
              timeoutSeconds: 1
              failurePolicy: Fail
              clientConfig: {url: "https://127.0.0.1:1/"}
              namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
              rules: [{apiGroups: ["%2$s"], apiVersions: ["*"], resources: ["%3$s"], operations: [CREATE, UPDATE]}]
            """;

    @Test
    void aWebhookThatFailsForJobsIsNamedInTheStatusOfANewMigration(ControlPlane plane) {
        var namespace = plane.createNamespace("refused");
        var migrations = new Migrations(plane.client(), namespace);
        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace))) {
            operator.start().awaitReady();
            apply(plane, namespace, WEBHOOK.formatted(namespace, "batch", "jobs"));
            apply(plane, namespace, TARGET);

            // when a migration is applied whose Job cannot be created
            apply(plane, namespace, MIGRATION);

            // then its status says why, and it goes on by itself once that is mended
            migrations.await(
                    "SchemaMigration/first",
                    "a word about the webhook",
                    found -> found.status() != null
                            && found.status().conditions() != null
                            && Migrations.message(found).contains("failed calling webhook \"broken.example.org\""));
            remove(plane, namespace);
            migrations.await(
                    "SchemaMigration/first",
                    "its Job",
                    found -> found.status() != null && found.status().job() != null);
        }
    }

    @Test
    void aWebhookThatFailsForTheJobThatReadsTheLedgerIsNamedInTheStatusOfTheTarget(ControlPlane plane) {
        var namespace = plane.createNamespace("refused");
        var migrations = new Migrations(plane.client(), namespace);
        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace));
                var jobs = StandInJobController.start(plane.client(), namespace);
                var kubelet = StandInKubelet.start(plane.client(), namespace, new FakeDatabase())) {
            operator.start().awaitReady();
            apply(plane, namespace, WEBHOOK.formatted(namespace, "batch", "jobs"));

            // when a target is applied whose Job cannot be created
            apply(plane, namespace, TARGET);

            // then its status says why, and its ledger is read once that is mended
            assertThat(migrations.awaitTarget("chat", "False/Refused"))
                    .contains("failed calling webhook \"broken.example.org\"", "look at its log");
            remove(plane, namespace);
            migrations.awaitTarget("chat", "True/Reached");
        }
    }

    @Test
    void aStatusThatCannotBeWrittenLeavesAnEvent(ControlPlane plane) {
        var namespace = plane.createNamespace("refused");
        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace))) {
            operator.start().awaitReady();
            apply(plane, namespace, WEBHOOK.formatted(namespace, "cairn.dev", "schemamigrations/status"));

            apply(plane, namespace, MIGRATION);

            Awaitility.await("an Event")
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(events(plane, namespace))
                            .anyMatch(event -> event.getReason().equals("ReconcileFailed")
                                    && event.getType().equals("Warning")
                                    && event.getMessage().startsWith("SchemaMigration/first is held up: ")
                                    && event.getMessage().contains("failed calling webhook")));
            remove(plane, namespace);
            new Migrations(plane.client(), namespace).await("SchemaMigration/first", Phase.Waiting);
        }
    }

    @Test
    void aWatchedNamespaceThatIsGoneDoesNotKeepTheOperatorFromWorkingInTheOthers(@Own ControlPlane plane) {
        // given the rights that the chart gives where it is to watch single namespaces, one of which is gone
        var namespace = plane.createNamespace("there");
        for (var binding : plane.client().rbac().clusterRoleBindings().list().getItems())
            if (isTheOperators(binding)) confine(plane, binding, namespace);

        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace, "gone"))) {
            operator.start().awaitReady();
            apply(plane, namespace, MIGRATION);

            new Migrations(plane.client(), namespace).await("SchemaMigration/first", Phase.Waiting);
            assertThat(operator.log()).contains("If namespace gone is gone for good, take it out of watchNamespaces.");
        }
    }

    private static boolean isTheOperators(ClusterRoleBinding binding) {
        return binding.getSubjects() != null
                && binding.getSubjects().stream().anyMatch(subject -> Chart.NAMESPACE.equals(subject.getNamespace()));
    }

    private static void confine(ControlPlane plane, ClusterRoleBinding binding, String namespace) {
        plane.client()
                .resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName(binding.getMetadata().getName())
                        .withNamespace(namespace)
                        .endMetadata()
                        .withRoleRef(binding.getRoleRef())
                        .withSubjects(binding.getSubjects())
                        .build())
                .create();
        plane.client().resource(binding).delete();
    }

    private static List<Event> events(ControlPlane plane, String namespace) {
        return plane.client().v1().events().inNamespace(namespace).list().getItems();
    }

    private static void apply(ControlPlane plane, String namespace, String yaml) {
        for (var object : Manifests.parse(yaml)) {
            if (object instanceof ValidatingWebhookConfiguration)
                plane.client().resource(object).create();
            else plane.client().resource(object).inNamespace(namespace).create();
        }
    }

    private static void remove(ControlPlane plane, String webhook) {
        plane.client()
                .admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(webhook)
                .delete();
    }
}
