package dev.cairn.e2e.controlplane;

import dev.cairn.e2e.Chart;
import dev.cairn.e2e.Manifests;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The chart's objects without the operator's pod: CRDs, the service account and its rights. */
final class ChartRights {
    private static final Set<String> INSTALLED = Set.of(
            "CustomResourceDefinition",
            "ServiceAccount",
            "ClusterRole",
            "ClusterRoleBinding",
            "Role",
            "RoleBinding",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding");
    private static final long TOKEN_SECONDS = 24 * 60 * 60;

    private ChartRights() {}

    static void apply(KubernetesClient client) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(Chart.NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        var objects = Manifests.parse(Chart.render(Map.of())).stream()
                .filter(object -> INSTALLED.contains(object.getKind()))
                .toList();
        for (var object : objects) {
            if (object instanceof Namespaced) object.getMetadata().setNamespace(Chart.NAMESPACE);
            client.resource(object).create();
        }
        for (var object : objects) if (object instanceof CustomResourceDefinition crd) awaitEstablished(client, crd);
    }

    /** A token of the operator's service account. */
    static String token(KubernetesClient client) {
        var request = new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(TOKEN_SECONDS)
                .endSpec()
                .build();
        return client.serviceAccounts()
                .inNamespace(Chart.NAMESPACE)
                .withName(Chart.RELEASE)
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    private static void awaitEstablished(KubernetesClient client, CustomResourceDefinition crd) {
        client.resource(crd)
                .waitUntilCondition(
                        found -> found != null
                                && found.getStatus() != null
                                && found.getStatus().getConditions().stream()
                                        .anyMatch(
                                                condition -> condition.getType().equals("Established")
                                                        && condition.getStatus().equals("True")),
                        30,
                        TimeUnit.SECONDS);
    }
}
