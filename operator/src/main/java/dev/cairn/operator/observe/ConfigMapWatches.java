package dev.cairn.operator.observe;

import dev.cairn.operator.cache.CompactStore;
import dev.cairn.operator.cache.ConfigMapMetadataList;
import dev.cairn.operator.cache.InformerCache;
import dev.cairn.operator.cache.Kept;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports changes of the ConfigMaps with migrations' steps. There is one watch for each namespace with such a
 * migration. It gets only metadata: a plan is made from a live read of the API server.
 */
public final class ConfigMapWatches implements PlanReading.Watches, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigMapWatches.class);

    private final KubernetesClient client;
    private final Predicate<String> isFed;
    private final BiConsumer<String, String> listener;
    private final Map<String, SharedIndexInformer<ConfigMap>> watches = new ConcurrentHashMap<>();

    /**
     * @param isFed whether any migration of a namespace has steps from ConfigMaps
     * @param listener called for each change, with the namespace and the name of the ConfigMap
     */
    public ConfigMapWatches(KubernetesClient client, Predicate<String> isFed, BiConsumer<String, String> listener) {
        this.client = client;
        this.isFed = isFed;
        this.listener = listener;
    }

    /** Watches the ConfigMaps of a namespace until none of its migrations needs one. */
    @Override
    public void watch(String namespace) {
        watches.computeIfAbsent(namespace, this::begin);
    }

    @Override
    public Optional<String> version(String namespace, String name) {
        return Optional.ofNullable(watches.get(namespace))
                .filter(watch -> watch.hasSynced() && watch.isRunning())
                .map(watch -> watch.getIndexer().getByKey(namespace + "/" + name))
                .map(configMap -> configMap.getMetadata().getResourceVersion());
    }

    /** Ends the watch of a namespace if none of its migrations needs it any more. */
    void release(String namespace) {
        if (isFed.test(namespace)) return;
        var watch = watches.remove(namespace);
        if (watch != null) watch.stop();
    }

    @Override
    public void close() {
        watches.values().forEach(SharedIndexInformer::stop);
    }

    private SharedIndexInformer<ConfigMap> begin(String namespace) {
        var informer = client.resources(ConfigMap.class, ConfigMapMetadataList.class)
                .inNamespace(namespace)
                .withLimit(InformerCache.PAGE)
                .runnableInformer(0)
                .itemStore(new CompactStore<>(Kept.sources(), client.getKubernetesSerialization()))
                .exceptionHandler((started, failure) -> true)
                .addEventHandler(new ResourceEventHandler<ConfigMap>() {
                    @Override
                    public void onAdd(ConfigMap added) {
                        changed(added);
                    }

                    @Override
                    public void onUpdate(ConfigMap before, ConfigMap after) {
                        changed(after);
                    }

                    @Override
                    public void onDelete(ConfigMap deleted, boolean finalStateUnknown) {
                        changed(deleted);
                    }
                });
        var _ = informer.start().exceptionally(failure -> {
            LOG.warn("The ConfigMaps of namespace {} are not watched: {}", namespace, failure.getMessage());
            return null;
        });
        return informer;
    }

    private void changed(ConfigMap configMap) {
        listener.accept(
                configMap.getMetadata().getNamespace(), configMap.getMetadata().getName());
    }
}
