package dev.cairn.e2e.cluster;

import dev.cairn.e2e.Project;
import org.testcontainers.DockerClientFactory;

/** Chooses a cluster: a given one, else k3s in Docker, else a local node. */
public final class Clusters {
    private Clusters() {}

    /**
     * The first of the three that is available.
     *
     * @throws IllegalStateException if there is none; the message says what to install
     */
    public static Cluster open() {
        if (ExternalCluster.isNamed()) return ExternalCluster.open();
        if (DockerClientFactory.instance().isDockerAvailable()) return K3sCluster.start();
        var missing = LocalNode.missing();
        if (missing.isEmpty()) return LocalNode.start(Project.root().resolve("e2e/cluster/cluster"));
        throw new IllegalStateException("no Kubernetes to test on: name one in " + ExternalCluster.KUBECONFIG
                + ", or install Docker, or make a node possible on this machine (" + missing + ")");
    }
}
