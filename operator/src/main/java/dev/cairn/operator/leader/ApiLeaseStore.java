package dev.cairn.operator.leader;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Lease of the API server. */
final class ApiLeaseStore implements LeaseStore {
    private final KubernetesClient client;
    private final String namespace;
    private final String name;

    ApiLeaseStore(KubernetesClient client, String namespace, String name) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
    }

    @Override
    public Optional<Held> read() {
        var lease = client.leases().inNamespace(namespace).withName(name).get();
        return Optional.ofNullable(lease)
                .map(found -> new Held(term(found), found.getMetadata().getResourceVersion()));
    }

    @Override
    public boolean write(@Nullable Held before, Term term) {
        var lease = new LeaseBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withResourceVersion(before == null ? null : before.version())
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(term.holder())
                .withLeaseDurationSeconds(term.seconds())
                .withAcquireTime(utc(term.acquired()))
                .withRenewTime(utc(term.renewed()))
                .withLeaseTransitions(term.transitions())
                .endSpec()
                .build();
        try {
            var _ = before == null
                    ? client.resource(lease).create()
                    : client.resource(lease).update();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) return false;
            throw e;
        }
    }

    private static Term term(Lease lease) {
        var spec = lease.getSpec();
        if (spec == null) return new Term("", 1, Instant.EPOCH, Instant.EPOCH, 0);
        return new Term(
                Optional.ofNullable(spec.getHolderIdentity()).orElse(""),
                Optional.ofNullable(spec.getLeaseDurationSeconds()).orElse(1),
                instant(spec.getAcquireTime()),
                instant(spec.getRenewTime()),
                Optional.ofNullable(spec.getLeaseTransitions()).orElse(0));
    }

    private static Instant instant(@Nullable ZonedDateTime time) {
        return time == null ? Instant.EPOCH : time.toInstant();
    }

    private static ZonedDateTime utc(Instant instant) {
        return instant.atZone(ZoneOffset.UTC);
    }
}
