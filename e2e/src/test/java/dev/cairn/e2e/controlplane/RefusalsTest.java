package dev.cairn.e2e.controlplane;

import static dev.cairn.e2e.controlplane.StandInNamespace.TARGET;
import static dev.cairn.e2e.controlplane.StandInNamespace.schema;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import dev.cairn.crds.SchemaMigration;
import dev.cairn.e2e.Chart;
import dev.cairn.e2e.Manifests;
import dev.cairn.e2e.controlplane.OnControlPlane.Own;
import dev.cairn.e2e.scenario.Migrations;
import dev.cairn.operator.job.Labels;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the API server refuses, or fails at, is said where people look. */
@OnControlPlane
class RefusalsTest {

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
            Manifests.apply(plane.client(), namespace, WEBHOOK.formatted(namespace, "batch", "jobs"));
            Manifests.apply(plane.client(), namespace, TARGET);

            // when a migration is applied whose Job cannot be created
            Manifests.apply(plane.client(), namespace, schema("first"));

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
        try (var place = StandInNamespace.open(plane, "refused", new FakeDatabase())) {
            place.apply(WEBHOOK.formatted(place.namespace(), "batch", "jobs"));

            // when a target is applied whose Job cannot be created
            place.apply(TARGET);

            // then its status says why, and its ledger is read once that is mended
            assertThat(place.migrations().awaitTarget("chat", "False/Refused"))
                    .contains("failed calling webhook \"broken.example.org\"", "look at its log");
            remove(plane, place.namespace());
            place.migrations().awaitTarget("chat", "True/Reached");
        }
    }

    @Test
    void aMigrationWhoseJobCannotBeStoppedIsNotSaidToBeSuspended(ControlPlane plane) {
        try (var place = StandInNamespace.open(plane, "refused", (migration, attempt) -> new PodRun.Hangs())) {
            place.apply(TARGET);
            place.apply(schema("first"));
            place.migrations().await("SchemaMigration/first", Phase.Running);
            Awaitility.await("its pod")
                    .until(() -> place.client()
                                    .pods()
                                    .inNamespace(place.namespace())
                                    .withLabel(Labels.NAME, "first")
                                    .withField("status.phase", "Running")
                                    .list()
                                    .getItems()
                                    .size()
                            == 1);

            // when a policy refuses each change of its Job, and somebody suspends it
            place.apply(noJobChanges(place.namespace()));
            Awaitility.await("the policy")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> isRefused(place.client(), place.namespace()));
            place.client()
                    .resources(SchemaMigration.class)
                    .inNamespace(place.namespace())
                    .withName("first")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"suspend\": true}}");

            // then it is said to work on, and why
            place.migrations()
                    .await(
                            "SchemaMigration/first",
                            "a word about the policy",
                            found -> found.status().phase() == Phase.Running
                                    && Migrations.message(found).contains("works on and is not suspended")
                                    && Migrations.message(found).contains("no changes of Jobs today"));

            // and stops when the policy is gone
            place.client()
                    .resources(ValidatingAdmissionPolicyBinding.class)
                    .withName(place.namespace())
                    .delete();
            place.migrations().await("SchemaMigration/first", Phase.Suspended);
        }
    }

    private static String noJobChanges(String namespace) {
        return """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicy
                metadata: {name: %1$s}
                spec:
                  matchConstraints:
                    resourceRules: [{apiGroups: [batch], apiVersions: [v1], resources: [jobs], operations: [UPDATE]}]
                    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
                  validations: [{expression: "false", message: no changes of Jobs today}]
                ---
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicyBinding
                metadata: {name: %1$s}
                spec: {policyName: %1$s, validationActions: [Deny]}
                """.formatted(namespace);
    }

    private static boolean isRefused(KubernetesClient client, String namespace) {
        var job = client.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withLabel(Labels.NAME, "first")
                .list()
                .getItems()
                .getFirst();
        try {
            client.resource(job)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"metadata\": {\"annotations\": {\"probe\": \"%d\"}}}".formatted(System.nanoTime()));
            return false;
        } catch (KubernetesClientException e) {
            return e.getCode() == 422 || e.getCode() == 403;
        }
    }

    @Test
    void aStatusThatCannotBeWrittenLeavesAnEvent(ControlPlane plane) {
        var namespace = plane.createNamespace("refused");
        try (var operator = plane.operator(OperatorProcess.Setup.watching(namespace))) {
            operator.start().awaitReady();
            Manifests.apply(
                    plane.client(), namespace, WEBHOOK.formatted(namespace, "cairn.dev", "schemamigrations/status"));

            Manifests.apply(plane.client(), namespace, schema("first"));

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
            Manifests.apply(plane.client(), namespace, schema("first"));

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

    private static void remove(ControlPlane plane, String webhook) {
        plane.client()
                .admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(webhook)
                .delete();
    }
}
