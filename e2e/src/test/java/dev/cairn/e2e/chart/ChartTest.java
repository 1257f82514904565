package dev.cairn.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.e2e.Chart;
import dev.cairn.e2e.Manifests;
import dev.cairn.e2e.Project;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChartTest {
    @Test
    void itsCrdsAreTheGeneratedOnes() throws IOException {
        for (var file : ChartCrds.wanted().entrySet()) {
            if (System.getProperty("cairn.write") != null) {
                Files.createDirectories(file.getKey().getParent());
                Files.writeString(file.getKey(), file.getValue());
            }
            assertThat(file.getKey())
                    .as(
                            "stale: run ./mvnw -q -pl e2e -am test -Dcairn.write -Dtest=CrdYamlTest,ChartTest,JobManifestTest"
                                    + " and commit the result")
                    .hasContent(file.getValue());
        }
        try (var files = Files.list(ChartCrds.FOLDER)) {
            assertThat(files)
                    .containsExactlyInAnyOrderElementsOf(ChartCrds.wanted().keySet());
        }
    }

    @Test
    void itsCrdsStayWhenTheReleaseGoes() {
        assertThat(rendered(Map.of(), CustomResourceDefinition.class))
                .hasSize(3)
                .allSatisfy(crd -> assertThat(crd.getMetadata().getAnnotations())
                        .containsEntry("helm.sh/resource-policy", "keep"));
        assertThat(rendered(Map.of("crds.install", "false"), CustomResourceDefinition.class))
                .isEmpty();
    }

    @Test
    void nothingInItMayTouchASecretOrAnythingUnnamed() {
        assertThat(rules()).isNotEmpty().allSatisfy(rule -> {
            assertThat(rule.getResources()).noneMatch(resource -> resource.startsWith("secrets"));
            assertThat(Stream.of(rule.getApiGroups(), rule.getResources(), rule.getVerbs())
                            .flatMap(Collection::stream))
                    .doesNotContain("*");
            assertThat(rule.getNonResourceURLs()).isEmpty();
        });
    }

    @Test
    void theOperatorMeetsTheRestrictedPodSecurityProfile() {
        var pod = rendered(Map.of(), Deployment.class)
                .getFirst()
                .getSpec()
                .getTemplate()
                .getSpec();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getContainers()).singleElement().satisfies(container -> {
            var security = container.getSecurityContext();
            assertThat(security.getAllowPrivilegeEscalation()).isFalse();
            assertThat(security.getReadOnlyRootFilesystem()).isTrue();
            assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
        });
    }

    @Test
    void itWatchesNodesOnlyWhereItWatchesTheWholeCluster() {
        assertThat(resources(Map.of())).contains("nodes");
        assertThat(resources(Map.of("watchNamespaces[0]", "blue"))).isNotEmpty().doesNotContain("nodes");
    }

    private static List<String> resources(Map<String, String> values) {
        return rendered(values, ClusterRole.class).stream()
                .flatMap(role -> role.getRules().stream())
                .flatMap(rule -> rule.getResources().stream())
                .toList();
    }

    @Test
    void itHasNoNetworkPolicyUnlessAskedFor() {
        assertThat(rendered(Map.of(), NetworkPolicy.class)).isEmpty();
    }

    @Test
    void theOperatorsNetworkPolicyLetsProbesInAndTheApiServerDnsAndRunnersOut() {
        var policy = rendered(
                        Map.of(
                                "networkPolicies.operator.enabled", "true",
                                "networkPolicies.operator.apiServers[0]", "10.96.0.1/32"),
                        NetworkPolicy.class)
                .getFirst();
        var operator = rendered(Map.of(), Deployment.class).getFirst();

        assertThat(policy.getMetadata().getNamespace()).isNull(); // the release's
        assertThat(policy.getSpec().getPodSelector().getMatchLabels())
                .isEqualTo(operator.getSpec().getSelector().getMatchLabels());
        assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(policy.getSpec().getIngress()).singleElement().satisfies(rule -> {
            assertThat(ports(rule.getPorts())).containsExactly("TCP health");
            assertThat(rule.getFrom()).isEmpty();
        });
        var out = policy.getSpec().getEgress();
        assertThat(out).hasSize(3);
        assertThat(ports(out.get(0).getPorts())).containsExactly("UDP 53", "TCP 53");
        assertThat(ports(out.get(1).getPorts())).containsExactly("TCP 443", "TCP 6443");
        assertThat(out.get(1).getTo())
                .singleElement()
                .satisfies(peer -> assertThat(peer.getIpBlock().getCidr()).isEqualTo("10.96.0.1/32"));
        assertThat(ports(out.get(2).getPorts())).containsExactly("TCP 8080");
        assertThat(out.get(2).getTo())
                .singleElement()
                .satisfies(peer -> assertThat(peer.getPodSelector().getMatchLabels())
                        .containsExactly(Map.entry("app.kubernetes.io/managed-by", "cairn")));
    }

    @Test
    void theRunnersNetworkPolicyLetsTheOperatorInAndTheDatabaseAndDnsOut() {
        var policies = rendered(
                Map.of(
                        "networkPolicies.runners.namespaces[0]", "blue",
                        "networkPolicies.runners.namespaces[1]", "green",
                        "networkPolicies.runners.databasePorts[0]", "6432"),
                NetworkPolicy.class);
        var operator = rendered(Map.of(), Deployment.class).getFirst();

        assertThat(policies)
                .extracting(policy -> policy.getMetadata().getNamespace())
                .containsExactly("blue", "green");
        var spec = policies.getFirst().getSpec();
        assertThat(spec.getPodSelector().getMatchLabels())
                .containsExactly(Map.entry("app.kubernetes.io/managed-by", "cairn"));
        assertThat(spec.getIngress()).singleElement().satisfies(rule -> {
            assertThat(ports(rule.getPorts())).containsExactly("TCP 8080");
            assertThat(rule.getFrom()).singleElement().satisfies(peer -> {
                assertThat(peer.getNamespaceSelector().getMatchLabels())
                        .containsExactly(Map.entry("kubernetes.io/metadata.name", Chart.NAMESPACE));
                assertThat(peer.getPodSelector().getMatchLabels())
                        .isEqualTo(operator.getSpec().getSelector().getMatchLabels());
            });
        });
        assertThat(spec.getEgress()).hasSize(2);
        assertThat(ports(spec.getEgress().get(0).getPorts())).containsExactly("UDP 53", "TCP 53");
        assertThat(ports(spec.getEgress().get(1).getPorts())).containsExactly("TCP 6432");
    }

    /** Such as {@code TCP 8080}. */
    private static List<String> ports(List<NetworkPolicyPort> ports) {
        return ports.stream()
                .map(port -> port.getProtocol() + " " + port.getPort().getValue())
                .toList();
    }

    @Test
    void itNamesAUserIdUnlessThePlatformAssignsOne() {
        assertThat(operatorPod(Map.of()).getSecurityContext().getRunAsUser()).isEqualTo(65_532);
        assertThat(runnerFixedUser(Map.of())).isEqualTo("true");
        var assigned = Map.of("fixedUser", "false");
        assertThat(operatorPod(assigned).getSecurityContext().getRunAsUser()).isNull();
        assertThat(operatorPod(assigned).getSecurityContext().getRunAsGroup()).isNull();
        assertThat(operatorPod(assigned).getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(runnerFixedUser(assigned)).isEqualTo("false");
    }

    private static PodSpec operatorPod(Map<String, String> values) {
        return rendered(values, Deployment.class)
                .getFirst()
                .getSpec()
                .getTemplate()
                .getSpec();
    }

    private static String runnerFixedUser(Map<String, String> values) {
        return operatorPod(values).getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getName().equals("CAIRN_RUNNER_FIXED_USER"))
                .map(EnvVar::getValue)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void itsRightsEndWhereTheWatchedNamespacesEnd() {
        var bindings = rendered(Map.of("watchNamespaces[0]", "blue", "watchNamespaces[1]", "green"), RoleBinding.class);
        assertThat(bindings).extracting(b -> b.getMetadata().getNamespace()).contains("blue", "green");
        assertThat(Chart.render(Map.of("watchNamespaces[0]", "blue", "watchNamespaces[1]", "green")))
                .doesNotContain("kind: ClusterRoleBinding");
    }

    @Test
    void itRefusesValuesThatItDoesNotKnow() {
        assertThatThrownBy(() -> Chart.render(Map.of("replica", "2"))).hasMessageContaining("replica");
    }

    @Test
    void itInstallsTheImagesOfThisBuild() {
        assertThat(Chart.render(Map.of()))
                .contains(Project.imageRepository() + "/cairn-operator:" + Project.version())
                .contains(Project.imageRepository() + "/cairn-runner:" + Project.version());
    }

    private static List<PolicyRule> rules() {
        return Stream.concat(
                        rendered(Map.of(), ClusterRole.class).stream().map(ClusterRole::getRules),
                        rendered(Map.of(), Role.class).stream().map(Role::getRules))
                .flatMap(Collection::stream)
                .toList();
    }

    private static <T extends HasMetadata> List<T> rendered(Map<String, String> values, Class<T> type) {
        return Manifests.parse(Chart.render(values)).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }
}
