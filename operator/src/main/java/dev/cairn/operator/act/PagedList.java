package dev.cairn.operator.act;

import dev.cairn.operator.cache.InformerCache;
import dev.cairn.operator.cache.Kept;
import dev.cairn.operator.observe.SerialReads;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.dsl.Listable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists objects live, page by page: a tenant can put Cairn's labels on thousands of large objects. */
final class PagedList {
    private PagedList() {}

    /** All objects, each reduced as in a cache. */
    static <T extends HasMetadata> List<T> of(
            Listable<? extends KubernetesResourceList<T>> objects, Kept<T> kept, SerialReads reads) {
        var all = new ArrayList<T>();
        @Nullable String next = null;
        do {
            var from = next;
            next = reads.read(() -> addPage(objects, from, kept, all));
        } while (next != null && !next.isEmpty());
        return all;
    }

    /** @return the start of the next page, null or empty after the last one */
    private static <T extends HasMetadata> @Nullable String addPage(
            Listable<? extends KubernetesResourceList<T>> objects, @Nullable String from, Kept<T> kept, List<T> all) {
        var page = objects.list(new ListOptionsBuilder()
                .withLimit(InformerCache.PAGE)
                .withContinue(from)
                .build());
        page.getItems().forEach(kept::reduce);
        all.addAll(page.getItems());
        return page.getMetadata().getContinue();
    }
}
