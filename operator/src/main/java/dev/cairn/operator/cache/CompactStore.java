package dev.cairn.operator.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one informer. It keeps only the needed objects, with only the fields that are read, in packed form. So
 * large objects of others, also with Cairn's labels, do not fill this process's memory.
 */
public final class CompactStore<T extends HasMetadata> implements ItemStore<T> {
    private final Kept<T> kept;
    private final KubernetesSerialization json;
    private final Map<String, Packed<T>> items = new ConcurrentHashMap<>();

    /**
     * An empty store.
     *
     * @param json packs the objects
     */
    public CompactStore(Kept<T> kept, KubernetesSerialization json) {
        this.kept = kept;
        this.json = json;
    }

    @Override
    public String getKey(T object) {
        return Cache.metaNamespaceKeyFunc(object);
    }

    /** Stores the object. It reduces the object in place, before other code sees it. */
    @Override
    public @Nullable T put(String key, T object) {
        if (!kept.isOurs(object)) return remove(key);
        kept.reduce(object);
        return unpacked(items.put(key, Packed.of(object, json)));
    }

    @Override
    public @Nullable T remove(String key) {
        return unpacked(items.remove(key));
    }

    @Override
    public Stream<String> keySet() {
        return items.keySet().stream();
    }

    @Override
    public Stream<T> values() {
        return items.values().stream().map(packed -> packed.object(json));
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public @Nullable T get(String key) {
        return unpacked(items.get(key));
    }

    private @Nullable T unpacked(@Nullable Packed<T> packed) {
        return packed == null ? null : packed.object(json);
    }
}
