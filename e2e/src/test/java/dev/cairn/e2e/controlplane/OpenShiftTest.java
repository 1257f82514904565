package dev.cairn.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import dev.cairn.e2e.Manifests;
import dev.cairn.e2e.Project;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** OpenShift assigns a range of user ids to each namespace, and refuses pods that name another one. */
@OnControlPlane
class OpenShiftTest {
    /** Its own kind of security policy, by which the chart knows it. */
    private static final String SECURITY_API = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: securitycontextconstraints.security.openshift.io}
            spec:
              group: security.openshift.io
              names:
                kind: SecurityContextConstraints
                plural: securitycontextconstraints
                singular: securitycontextconstraints
              scope: Cluster
              versions:
              - name: v1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;

    @Test
    void theChartLeavesUserIdsToOpenShiftAndNamesThemElsewhere(@OnControlPlane.Own ControlPlane plane) {
        // given a cluster that is not OpenShift's
        var plain = installed(plane, "plain");
        assertThat(plain.getSecurityContext().getRunAsUser()).isEqualTo(65_532);
        assertThat(fixedUserOfJobs(plain)).isEqualTo("true");

        // when it has OpenShift's API
        for (var object : Manifests.parse(SECURITY_API))
            plane.client().resource(object).create();
        plane.client()
                .resources(CustomResourceDefinition.class)
                .withName("securitycontextconstraints.security.openshift.io")
                .waitUntilCondition(
                        crd -> crd != null
                                && crd.getStatus() != null
                                && crd.getStatus().getConditions().stream()
                                        .anyMatch(
                                                condition -> condition.getType().equals("Established")
                                                        && condition.getStatus().equals("True")),
                        30,
                        TimeUnit.SECONDS);

        // then neither the operator's pod nor those of Jobs name a user id, and none runs as root
        var openShift = installed(plane, "openshift");
        assertThat(openShift.getSecurityContext().getRunAsUser()).isNull();
        assertThat(openShift.getSecurityContext().getRunAsGroup()).isNull();
        assertThat(openShift.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(fixedUserOfJobs(openShift)).isEqualTo("false");
    }

    /** The operator's pod, as the chart installs it with its defaults. */
    private static PodSpec installed(ControlPlane plane, String namespace) {
        new Helm(Project.chart())
                .install()
                .withName("cairn")
                .withNamespace(namespace)
                .createNamespace()
                .set("crds.install", "false") // they are there
                .withKubeConfig(plane.kubeconfig())
                .call();
        return plane.client()
                .apps()
                .deployments()
                .inNamespace(namespace)
                .withName("cairn")
                .require()
                .getSpec()
                .getTemplate()
                .getSpec();
    }

    private static String fixedUserOfJobs(PodSpec operator) {
        return operator.getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getName().equals("CAIRN_RUNNER_FIXED_USER"))
                .map(EnvVar::getValue)
                .findFirst()
                .orElseThrow();
    }
}
