package dev.cairn.e2e.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A Kubernetes to run scenarios on. Closing it ends what was started for it, and nothing that was there before. */
public interface Cluster extends AutoCloseable {
    /** What it is, for people. */
    String name();

    /** A file that gives the rights of an administrator. */
    Path kubeconfig();

    /** A kubectl that speaks its version. */
    Path kubectl();

    /**
     * Makes images available to pods.
     *
     * @param archives as {@code docker save} writes them
     */
    void load(List<Path> archives);

    /** An address under which pods reach servers of this machine. */
    String hostAddress();

    /**
     * Sends SIGKILL to every process of a container.
     *
     * @param id as in a pod's status, without the runtime's prefix
     */
    void kill(String id);

    /** Takes its API server away, without a word to anybody. */
    void stopApiServer();

    /** Brings its API server back, and waits until it answers. */
    void startApiServer();

    /** What its API server wrote down of the requests of service accounts, at least of those outside kube-system. */
    Stream<AuditEvent> auditLog();

    @Override
    void close();

    /** A line of shell that ends it, or what was installed on it, when this process is gone. */
    String endingLine();

    /** A client of its own, for the caller to close. */
    default KubernetesClient connect() {
        return connect(kubeconfig());
    }

    /** A client with the rights that a file gives, for the caller to close. */
    static KubernetesClient connect(Path kubeconfig) {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
    }
}
