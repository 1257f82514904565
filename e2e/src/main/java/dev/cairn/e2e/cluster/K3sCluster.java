package dev.cairn.e2e.cluster;

import dev.cairn.e2e.Command;
import dev.cairn.e2e.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** k3s in a container of Docker. */
final class K3sCluster implements Cluster {
    private static final String HOST = "host.docker.internal";
    private static final String AUDIT_POLICY = "/etc/cairn/audit-policy.yaml";
    private static final String AUDIT_LOG = "/var/lib/rancher/audit.log";

    private final K3sContainer container;
    private final Path folder;

    private K3sCluster(K3sContainer container, Path folder) {
        this.container = container;
        this.folder = folder;
    }

    static Cluster start() {
        var container = new K3sContainer(DockerImageName.parse(Project.k3sImage()));
        container.withExtraHost(HOST, "host-gateway");
        container.withCopyFileToContainer(
                MountableFile.forHostPath(Project.root().resolve("e2e/cluster/audit-policy.yaml")), AUDIT_POLICY);
        container.setCommandParts(withAuditLog(container.getCommandParts()));
        container.start();
        try {
            var folder = Files.createTempDirectory("cairn-k3s");
            Files.writeString(folder.resolve("kubeconfig"), container.getKubeConfigYaml());
            return new K3sCluster(container, folder);
        } catch (IOException e) {
            container.stop();
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String name() {
        return Project.k3sImage() + " in Docker";
    }

    @Override
    public Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    /** k3s contains kubectl and runs as kubectl under that name. */
    @Override
    public Path kubectl() {
        var kubectl = folder.resolve("kubectl");
        if (!Files.exists(kubectl)) {
            container.copyFileFromContainer("/bin/k3s", kubectl.toString());
            Command.run("chmod", "755", kubectl.toString());
        }
        return kubectl;
    }

    @Override
    public void load(List<Path> archives) {
        for (var archive : archives) {
            var inside = "/tmp/image.tar";
            container.copyFileToContainer(MountableFile.forHostPath(archive), inside);
            inContainer("ctr", "--namespace", "k8s.io", "images", "import", inside);
            inContainer("rm", inside);
        }
    }

    /** Docker writes the host's address for containers into their hosts file. */
    @Override
    public String hostAddress() {
        return inContainer("cat", "/etc/hosts")
                .lines()
                .map(line -> line.trim().split("\\s+"))
                .filter(words -> words.length > 1 && words[1].equals(HOST) && words[0].indexOf(':') < 0)
                .map(words -> words[0])
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Docker gave the k3s container no IPv4 " + HOST));
    }

    @Override
    public void kill(String id) {
        inContainer("ctr", "--namespace", "k8s.io", "tasks", "kill", "--signal", "SIGKILL", "--all", id);
    }

    /** k3s is one program, so its node and its pods stop with it. */
    @Override
    public void stopApiServer() {
        container
                .getDockerClient()
                .pauseContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void startApiServer() {
        container
                .getDockerClient()
                .unpauseContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public Stream<AuditEvent> auditLog() {
        var copy = folder.resolve("audit.log");
        container.copyFileFromContainer(AUDIT_LOG, copy.toString());
        return AuditEvent.read(copy);
    }

    @Override
    public void close() {
        container.stop();
        Command.run("rm", "-rf", folder.toString());
    }

    @Override
    public String endingLine() {
        return "docker rm --force --volumes " + container.getContainerId() + " && rm -rf '" + folder + "'";
    }

    private static String[] withAuditLog(String[] command) {
        return Stream.concat(
                        Stream.of(command),
                        Stream.of(
                                "--kube-apiserver-arg=audit-policy-file=" + AUDIT_POLICY,
                                "--kube-apiserver-arg=audit-log-path=" + AUDIT_LOG,
                                "--kube-apiserver-arg=audit-log-mode=blocking"))
                .toArray(String[]::new);
    }

    private String inContainer(String... command) {
        try {
            var result = container.execInContainer(command);
            if (result.getExitCode() != 0)
                throw new IllegalStateException(
                        String.join(" ", command) + " failed in the k3s container: " + result.getStderr());
            return result.getStdout();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
