package dev.cairn.operator;

import dev.cairn.operator.cache.MetadataOnly;
import dev.cairn.operator.leader.WriteGate;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The two clients of the API server.
 *
 * @param work for all work: the gate checks every write, and lists of ConfigMaps return only metadata
 * @param lease only for the lease: its requests have a short time limit and wait behind no others
 */
record Clients(KubernetesClient work, KubernetesClient lease) implements AutoCloseable {
    /** The first pause after a lost watch. It doubles up to eight seconds. */
    private static final Duration FIRST_RECONNECT = Duration.ofMillis(250);

    private static final Duration LEASE_REQUEST = Duration.ofSeconds(3);

    /** @param pod its name in the API server's audit log */
    Clients(Config config, String pod, BooleanSupplier mayWrite) {
        this(work(once(config, pod), mayWrite), lease(once(config, pod)));
    }

    private static KubernetesClient work(ConfigBuilder config, BooleanSupplier mayWrite) {
        return new KubernetesClientBuilder()
                .withConfig(config.withWatchReconnectInterval((int) FIRST_RECONNECT.toMillis())
                        .build())
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("metadata-only", new MetadataOnly())
                        .addOrReplaceInterceptor("write-gate", new WriteGate(mayWrite)))
                .build();
    }

    private static KubernetesClient lease(ConfigBuilder config) {
        return new KubernetesClientBuilder()
                .withConfig(config.withConnectionTimeout((int) LEASE_REQUEST.toMillis())
                        .withRequestTimeout((int) LEASE_REQUEST.toMillis())
                        .build())
                .build();
    }

    /**
     * The client does not retry by itself: the gate would check a repeated write only once, and no log would show it.
     */
    private static ConfigBuilder once(Config config, String pod) {
        return new ConfigBuilder(config).withRequestRetryBackoffLimit(0).withUserAgent("cairn-operator/" + pod);
    }

    @Override
    public void close() {
        work.close();
        lease.close();
    }
}
