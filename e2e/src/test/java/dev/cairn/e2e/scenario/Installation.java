package dev.cairn.e2e.scenario;

import dev.cairn.e2e.Chart;
import dev.cairn.e2e.Project;
import dev.cairn.e2e.cluster.Cluster;
import dev.cairn.e2e.cluster.Clusters;
import dev.cairn.e2e.database.Database;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Cairn on a cluster, and a database server beside it: one for all scenarios of a run. */
final class Installation implements AutoCloseable {
    private final Cluster cluster;
    private final boolean installedBefore;
    private final KubernetesClient client;
    private final Path folder;
    private final Database server;
    private final AtomicInteger servers = new AtomicInteger();
    private @Nullable Path kubectl;

    private Installation(Cluster cluster, boolean installedBefore) throws IOException {
        this.cluster = cluster;
        this.installedBefore = installedBefore;
        client = cluster.connect();
        // Readable for all: the server's account is not ours.
        var everybody = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
        folder = Files.createTempDirectory("cairn-e2e", everybody);
        server = startServer();
    }

    static Installation open() {
        var cluster = Clusters.open();
        try {
            boolean installedBefore = Chart.isInstalled(cluster);
            cluster.load(Project.imageArchives());
            Chart.install(cluster, Map.of());
            return new Installation(cluster, installedBefore);
        } catch (IOException e) {
            cluster.close();
            throw new IllegalStateException("cannot prepare the scenarios' database", e);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    Cluster cluster() {
        return cluster;
    }

    /** Where kubectl is. */
    synchronized Path kubectl() {
        if (kubectl == null) kubectl = cluster.kubectl();
        return kubectl;
    }

    KubernetesClient client() {
        return client;
    }

    /** The server that scenarios share; it is never stopped. */
    Database server() {
        return server;
    }

    /** A server for one scenario, which may stop it and has to remove it. */
    Database startServer() {
        var name = "server-" + servers.incrementAndGet();
        return Database.start(
                folder.resolve(name), cluster.hostAddress(), Map.of("fsync", "off", "max_connections", "200"));
    }

    @Override
    public void close() throws IOException {
        server.remove();
        Files.delete(folder);
        client.close();
        if (!installedBefore) Chart.uninstall(cluster);
        cluster.close();
    }
}
