package dev.cairn.operator.cache;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.regex.Pattern;

/**
 * Requests only metadata where ConfigMaps are listed or watched. Their contents, up to 1 MiB each, never arrive. A
 * single ConfigMap is read whole.
 */
public final class MetadataOnly implements Interceptor {
    private static final Pattern CONFIG_MAPS = Pattern.compile("/api/v1/(namespaces/[^/]+/)?configmaps$");
    private static final String LIST =
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
    private static final String WATCH = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        var path = request.uri().getPath();
        if (!request.method().equals("GET")
                || path == null
                || !CONFIG_MAPS.matcher(path).find()) return;
        var query = request.uri().getQuery();
        builder.setHeader("Accept", query != null && query.contains("watch=true") ? WATCH : LIST);
    }
}
