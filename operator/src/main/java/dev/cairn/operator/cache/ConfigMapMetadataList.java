package dev.cairn.operator.cache;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ConfigMaps without their contents. Where there are none, the API server sends null instead of an empty list of
 * metadata.
 */
public final class ConfigMapMetadataList extends ConfigMapList {
    private static final long serialVersionUID = 1;

    @Override
    public List<ConfigMap> getItems() {
        @Nullable List<ConfigMap> items = super.getItems();
        return items == null ? List.of() : items;
    }
}
