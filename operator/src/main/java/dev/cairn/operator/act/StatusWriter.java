package dev.cairn.operator.act;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the status of one kind: server-side apply under one field manager, on the version that the decision used. The
 * API server refuses a late write of a former leader.
 */
public final class StatusWriter<S, P extends CustomResource<?, S>> {
    private final KubernetesClient client;
    private final Supplier<P> empty;
    private final Consumer<P> written;

    /**
     * @param empty makes an object of the kind without content
     * @param written called after each write with the object from the API server
     */
    public StatusWriter(KubernetesClient client, Supplier<P> empty, Consumer<P> written) {
        this.client = client;
        this.empty = empty;
        this.written = written;
    }

    /** @return true if it was written; false if the object has changed and must be reconciled again */
    public boolean write(P resource, S status) {
        var meta = resource.getMetadata();
        P patch = empty.get();
        patch.setMetadata(new ObjectMetaBuilder()
                .withName(meta.getName())
                .withNamespace(meta.getNamespace())
                .withResourceVersion(meta.getResourceVersion())
                .build());
        patch.setStatus(status);
        try {
            written.accept(client.resource(patch)
                    .subresource("status")
                    .patch(new PatchContext.Builder()
                            .withPatchType(PatchType.SERVER_SIDE_APPLY)
                            .withFieldManager(Upkeep.FIELD_MANAGER)
                            .withForce(true)
                            .build()));
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND)
                throw e;
            return false;
        }
    }

    /** The time of the last status write, as the API server records it; null for never. */
    public static @Nullable Instant lastWritten(HasMetadata resource) {
        var entries = resource.getMetadata().getManagedFields();
        if (entries == null) return null;
        return entries.stream()
                .filter(entry -> Upkeep.FIELD_MANAGER.equals(entry.getManager())
                        && "status".equals(entry.getSubresource())
                        && entry.getTime() != null)
                .map(ManagedFieldsEntry::getTime)
                .map(Instant::parse)
                .max(Instant::compareTo)
                .orElse(null);
    }
}
