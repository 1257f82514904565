package dev.cairn.operator.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An object as JSON, which takes a fraction of the object's memory. The JSON is parsed on demand. All callers before
 * the next garbage collection share the result. It is freed with them, and does not fill the old generation of the
 * heap.
 */
final class Packed<T extends HasMetadata> {
    private final byte[] packed;
    private final Class<T> type;
    private volatile @Nullable WeakReference<T> read;

    private Packed(byte[] packed, Class<T> type) {
        this.packed = packed;
        this.type = type;
    }

    @SuppressWarnings("unchecked") // the class of an object of type T
    static <T extends HasMetadata> Packed<T> of(T object, KubernetesSerialization json) {
        return new Packed<>(json.asJson(object).getBytes(StandardCharsets.UTF_8), (Class<T>) object.getClass());
    }

    /** The object. All callers share it: never change it. */
    T object(KubernetesSerialization json) {
        var before = read;
        var kept = before == null ? null : before.get();
        if (kept != null) return kept;
        T object = json.unmarshal(new ByteArrayInputStream(packed), type);
        read = new WeakReference<>(object);
        return object;
    }
}
