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
 * Both ways to the API server.
 *
 * @param work for everything: every write passes the gate, and lists of ConfigMaps bring metadata alone
 * @param lease for the lease alone: its requests end early, and wait behind no others
 */
record Clients(KubernetesClient work, KubernetesClient lease) implements AutoCloseable {
    /** After a lost watch; it doubles up to eight seconds. */
    private static final Duration FIRST_RECONNECT = Duration.ofMillis(250);

    private static final Duration LEASE_REQUEST = Duration.ofSeconds(3);

    /** @param pod shows in the API server's audit log */
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

    /** The client tries nothing twice by itself: a repeated write would pass the gate only once, and say nothing. */
    private static ConfigBuilder once(Config config, String pod) {
        return new ConfigBuilder(config).withRequestRetryBackoffLimit(0).withUserAgent("cairn-operator/" + pod);
    }

    @Override
    public void close() {
        work.close();
        lease.close();
    }
}
