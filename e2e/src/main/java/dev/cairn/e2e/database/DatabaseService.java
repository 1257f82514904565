package dev.cairn.e2e.database;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;
import java.util.Map;

/** Makes a server outside the cluster look like one inside: a Service without a selector, and a Secret. */
public final class DatabaseService {
    private static final int PORT = 5432;

    private DatabaseService() {}

    /**
     * The objects of one database.
     *
     * @param namespace of the objects
     * @param service the Service's name; the Secret's name is this and {@code -app}, with the keys of CloudNativePG
     * @param database the database, and the role that owns it
     * @param hostAddress the server's address for pods
     */
    public static List<HasMetadata> of(
            Database server, String namespace, String service, String database, String hostAddress) {
        return List.of(
                new ServiceBuilder()
                        .withNewMetadata()
                        .withName(service)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .addNewPort()
                        .withName("postgresql")
                        .withPort(PORT)
                        .withNewTargetPort(server.port())
                        .endPort()
                        .endSpec()
                        .build(),
                new EndpointSliceBuilder()
                        .withNewMetadata()
                        .withName(service)
                        .withNamespace(namespace)
                        .addToLabels("kubernetes.io/service-name", service)
                        .endMetadata()
                        .withAddressType("IPv4")
                        .addNewEndpoint()
                        .withAddresses(hostAddress)
                        .endEndpoint()
                        .addNewPort()
                        .withName("postgresql")
                        .withPort(server.port())
                        .endPort()
                        .build(),
                new SecretBuilder()
                        .withNewMetadata()
                        .withName(service + "-app")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withStringData(Map.of(
                                "host", service,
                                "port", String.valueOf(PORT),
                                "dbname", database,
                                "username", database,
                                "password", server.password()))
                        .build());
    }
}
