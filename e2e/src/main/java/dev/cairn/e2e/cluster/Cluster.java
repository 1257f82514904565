package dev.cairn.e2e.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A Kubernetes cluster for scenarios. Close it to end what was started for it. What was there before stays. */
public interface Cluster extends AutoCloseable {
    /** Its description, for people. */
    String name();

    /** The kubeconfig of an administrator. */
    Path kubeconfig();

    /** A kubectl of the cluster's version. */
    Path kubectl();

    /**
     * Makes images available to pods.
     *
     * @param archives in the format of {@code docker save}
     */
    void load(List<Path> archives);

    /** An address of this machine that pods can reach. */
    String hostAddress();

    /**
     * Sends SIGKILL to every process of a container.
     *
     * @param id from a pod's status, without the runtime's prefix
     */
    void kill(String id);

    /** Stops its API server without a warning to clients. */
    void stopApiServer();

    /** Starts its API server again, and waits until it answers. */
    void startApiServer();

    /** The API server's audit log of service accounts, at least of those outside kube-system. */
    Stream<AuditEvent> auditLog();

    @Override
    void close();

    /** A shell command that ends the cluster, or removes what was installed on it, after this process has ended. */
    String endingLine();

    /** A new client. The caller closes it. */
    default KubernetesClient connect() {
        return connect(kubeconfig());
    }

    /** A client with the rights of a kubeconfig. The caller closes it. */
    static KubernetesClient connect(Path kubeconfig) {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
    }
}
