package dev.cairn.operator.act;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the status of one kind: server-side apply under one field manager, on the version that was decided on. A
 * former leader that wakes up late is refused by the API server.
 */
public final class StatusWriter<S, P extends CustomResource<?, S>> {
    private final Supplier<P> empty;

    /** @param empty makes an object of the kind without content */
    public StatusWriter(Supplier<P> empty) {
        this.empty = empty;
    }

    /** @return whether it was written; false when the object has changed, and has to be looked at again */
    public boolean write(P resource, S status, Context<P> context) {
        var meta = resource.getMetadata();
        P patch = empty.get();
        patch.setMetadata(new ObjectMetaBuilder()
                .withName(meta.getName())
                .withNamespace(meta.getNamespace())
                .withResourceVersion(meta.getResourceVersion())
                .build());
        patch.setStatus(status);
        try {
            P written = context.getClient()
                    .resource(patch)
                    .subresource("status")
                    .patch(new PatchContext.Builder()
                            .withPatchType(PatchType.SERVER_SIDE_APPLY)
                            .withFieldManager(Upkeep.FIELD_MANAGER)
                            .withForce(true)
                            .build());
            context.eventSourceRetriever()
                    .getControllerEventSource()
                    .handleRecentResourceUpdate(ResourceID.fromResource(resource), written, resource);
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND)
                throw e;
            return false;
        }
    }

    /** When the status was last written, by the API server's own record; null for never. */
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
