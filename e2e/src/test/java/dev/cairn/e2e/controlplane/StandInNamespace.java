package dev.cairn.e2e.controlplane;

import dev.cairn.crds.Api;
import dev.cairn.e2e.Manifests;
import dev.cairn.e2e.scenario.Migrations;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

/** A namespace with an operator that watches it, and stand-ins for the Job controller and the kubelet. */
record StandInNamespace(
        KubernetesClient client,
        String namespace,
        Migrations migrations,
        OperatorProcess operator,
        StandInJobController jobs,
        StandInKubelet kubelet)
        implements AutoCloseable {
    /** A target without rules. */
    static final String TARGET = """
            apiVersion: cairn.dev/v1alpha1
            kind: MigrationTarget
            metadata: {name: chat}
            spec: {scope: chat, connection: {secretRef: {name: chat-db-app}}}
            """;

    /** A migration on that target. */
    static String schema(String name) {
        return """
                apiVersion: cairn.dev/v1alpha1
                kind: SchemaMigration
                metadata: {name: %s}
                spec: {targetRef: {name: chat}, steps: [{sql: SELECT 1}]}
                """.formatted(name);
    }

    /**
     * One with an operator at work.
     *
     * @param name what its name begins with
     * @param script what its pods do
     */
    static StandInNamespace open(ControlPlane plane, String name, StandInKubelet.Script script) {
        var namespace = plane.createNamespace(name);
        var client = plane.client();
        var opened = new StandInNamespace(
                client,
                namespace,
                new Migrations(client, namespace),
                plane.operator(OperatorProcess.Setup.watching(namespace)),
                StandInJobController.start(client, namespace),
                StandInKubelet.start(client, namespace, script));
        try {
            opened.operator.start().awaitReady();
            return opened;
        } catch (RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    /** Creates what the manifests have, or changes it. */
    void apply(String... manifests) {
        Manifests.apply(client, namespace, manifests);
    }

    /** Asks for a retry of a migration, or for another reading of a target. */
    void retry(String reference, String value) {
        var slash = reference.indexOf('/');
        client.genericKubernetesResources(Api.GROUP + "/" + Api.VERSION, reference.substring(0, slash))
                .inNamespace(namespace)
                .withName(reference.substring(slash + 1))
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"annotations\": {\"%s\": \"%s\"}}}".formatted(Api.RETRY, value));
    }

    @Override
    public void close() {
        kubelet.close();
        jobs.close();
        operator.close();
    }
}
