package dev.cairn.operator.observe;

import dev.cairn.crds.Migration;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of changes to the ConfigMaps that migrations take their steps from: one watch for each that is named, so that
 * nobody else's are ever read. Their content is not used: a plan is made from what the API server says at that moment.
 */
public final class SourceWatches implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceWatches.class);

    private final KubernetesClient client;
    private final BiPredicate<String, String> isNamed;
    private final BiConsumer<String, String> listener;
    private final Map<String, SharedIndexInformer<ConfigMap>> watches = new ConcurrentHashMap<>();

    /**
     * @param isNamed whether any migration of a namespace (first) takes steps from a ConfigMap (second)
     * @param listener told of each change, with the same two
     */
    public SourceWatches(
            KubernetesClient client, BiPredicate<String, String> isNamed, BiConsumer<String, String> listener) {
        this.client = client;
        this.isNamed = isNamed;
        this.listener = listener;
    }

    /** Watches it from now on, until nobody names it any more. */
    void watch(String namespace, String name) {
        watches.computeIfAbsent(key(namespace, name), key -> begin(namespace, name));
    }

    /** Ends the watches that served only a migration that has changed or is gone. */
    void release(Migration migration, Iterable<String> sources) {
        var namespace = migration.getMetadata().getNamespace();
        for (var source : sources) {
            if (isNamed.test(namespace, source)) continue;
            var watch = watches.remove(key(namespace, source));
            if (watch != null) watch.stop();
        }
    }

    @Override
    public void close() {
        watches.values().forEach(SharedIndexInformer::stop);
    }

    private SharedIndexInformer<ConfigMap> begin(String namespace, String name) {
        var informer = client.configMaps()
                .inNamespace(namespace)
                .withField("metadata.name", name)
                .runnableInformer(0)
                .exceptionHandler((started, failure) -> true)
                .addEventHandler(new ResourceEventHandler<ConfigMap>() {
                    @Override
                    public void onAdd(ConfigMap added) {
                        listener.accept(namespace, name);
                    }

                    @Override
                    public void onUpdate(ConfigMap before, ConfigMap after) {
                        listener.accept(namespace, name);
                    }

                    @Override
                    public void onDelete(ConfigMap deleted, boolean finalStateUnknown) {
                        listener.accept(namespace, name);
                    }
                });
        var _ = informer.start().exceptionally(failure -> {
            LOG.warn("ConfigMap {}/{} is not watched: {}", namespace, name, failure.getMessage());
            return null;
        });
        return informer;
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }
}
