package dev.cairn.operator.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one informer: only those worth keeping, and of each only what is read. What others put into their objects,
 * or under our labels, does not fill this process's memory.
 */
public final class CompactStore<T extends HasMetadata> implements ItemStore<T> {
    private final Kept<T> kept;
    private final Map<String, T> items = new ConcurrentHashMap<>();

    public CompactStore(Kept<T> kept) {
        this.kept = kept;
    }

    @Override
    public String getKey(T object) {
        return Cache.metaNamespaceKeyFunc(object);
    }

    /** Takes the object over: it is reduced in place, before anybody else sees it. */
    @Override
    public @Nullable T put(String key, T object) {
        if (!kept.isOurs(object)) return items.remove(key);
        kept.reduce(object);
        return items.put(key, object);
    }

    @Override
    public @Nullable T remove(String key) {
        return items.remove(key);
    }

    @Override
    public Stream<String> keySet() {
        return items.keySet().stream();
    }

    @Override
    public Stream<T> values() {
        return items.values().stream();
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public @Nullable T get(String key) {
        return items.get(key);
    }
}
