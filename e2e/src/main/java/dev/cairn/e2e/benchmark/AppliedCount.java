package dev.cairn.e2e.benchmark;

import dev.cairn.crds.DataMigration;
import dev.cairn.crds.Migration;
import dev.cairn.crds.Phase;
import dev.cairn.crds.SchemaMigration;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The number of Applied migrations in the cluster, updated by watches. */
final class AppliedCount implements AutoCloseable {
    private final Set<String> applied = ConcurrentHashMap.newKeySet();
    private final List<SharedIndexInformer<?>> informers;

    AppliedCount(KubernetesClient client) {
        informers = List.of(watch(client, SchemaMigration.class), watch(client, DataMigration.class));
    }

    int get() {
        return applied.size();
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::close);
    }

    private <T extends CustomResource<?, ?> & Migration> SharedIndexInformer<T> watch(
            KubernetesClient client, Class<T> type) {
        return client.resources(type).inAnyNamespace().inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(T migration) {
                look(migration);
            }

            @Override
            public void onUpdate(T before, T migration) {
                look(migration);
            }

            @Override
            public void onDelete(T migration, boolean unknown) {
                applied.remove(migration.getMetadata().getUid());
            }
        });
    }

    private void look(Migration migration) {
        var status = migration.status();
        if (status != null && status.phase() == Phase.Applied)
            applied.add(migration.getMetadata().getUid());
    }
}
