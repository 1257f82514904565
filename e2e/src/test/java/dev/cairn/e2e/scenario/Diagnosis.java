package dev.cairn.e2e.scenario;

import dev.cairn.crds.DataMigration;
import dev.cairn.crds.SchemaMigration;
import dev.cairn.e2e.Chart;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;

/** What people would look at when a scenario went wrong. */
final class Diagnosis {
    private static final int LINES = 40;

    private Diagnosis() {}

    static String of(KubernetesClient client, String namespace, String test) {
        var text = new StringBuilder("\n=== " + test + " failed; namespace " + namespace + "\n");
        var migrations = new ArrayList<HasMetadata>();
        migrations.addAll(client.resources(SchemaMigration.class)
                .inNamespace(namespace)
                .list()
                .getItems());
        migrations.addAll(client.resources(DataMigration.class)
                .inNamespace(namespace)
                .list()
                .getItems());
        migrations.forEach(migration -> {
            migration.getMetadata().setManagedFields(List.of());
            text.append(Serialization.asYaml(migration));
        });
        client.v1()
                .events()
                .inNamespace(namespace)
                .list()
                .getItems()
                .forEach(event -> text.append("event %s %s: %s%n"
                        .formatted(event.getInvolvedObject().getName(), event.getReason(), event.getMessage())));
        for (var in : List.of(namespace, Chart.NAMESPACE)) {
            client.pods()
                    .inNamespace(in)
                    .list()
                    .getItems()
                    .forEach(pod -> text.append("--- pod " + pod.getMetadata().getName() + " "
                            + pod.getStatus().getPhase() + "\n" + log(client, pod)));
        }
        return text.append("===\n").toString();
    }

    private static String log(KubernetesClient client, Pod pod) {
        try {
            return client.pods().resource(pod).tailingLines(LINES).getLog();
        } catch (KubernetesClientException e) {
            return "no log: " + e.getMessage() + "\n";
        }
    }
}
