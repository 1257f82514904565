package dev.cairn.e2e.controlplane;

import dev.cairn.e2e.Command;
import dev.cairn.e2e.Project;
import dev.cairn.e2e.cluster.AuditEvent;
import dev.cairn.e2e.cluster.Cluster;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * etcd and a kube-apiserver as processes of this machine, with their own ports and folder, with RBAC and with the
 * chart's CRDs and rights. There is no node and no scheduler; controllers start on request. Several control planes can
 * run at once. When it is closed, or this process ends, nothing is left.
 */
public final class ControlPlane implements AutoCloseable {
    static final String AUDIT_POLICY = "audit-policy.yaml";
    static final String AUDIT_LOG = "audit.log";

    /** The real controllers that a Job needs: for its pods, its end, and the deletion of its objects. */
    public static final List<String> JOB_CONTROLLERS =
            List.of("job-controller", "garbage-collector-controller", "namespace-controller");

    private final ChildProcesses processes;
    private final Path program;
    private final int port;
    private final KubernetesClient client;
    private final ApiServer apiServer;
    private final List<OperatorProcess> operators = new ArrayList<>();
    private final AtomicInteger names = new AtomicInteger();

    private ControlPlane(ChildProcesses processes) throws IOException {
        this.processes = processes;
        program = Path.of(
                Command.run(Project.root().resolve("e2e/cluster/cluster").toString(), "binary"));
        var folder = processes.folder();
        Files.copy(Project.root().resolve("e2e/cluster").resolve(AUDIT_POLICY), folder.resolve(AUDIT_POLICY));
        int storePort = freePort();
        port = freePort();
        Files.writeString(kubeconfig(), Credentials.kubeconfig(port, Credentials.write(folder)));
        startStore(storePort);
        client = Cluster.connect(kubeconfig());
        apiServer = new ApiServer(processes, program, storePort, port, client);
    }

    /** Starts a control plane and waits until it is ready: about four seconds. */
    public static ControlPlane start() {
        var processes = new ChildProcesses("cairn-control-plane");
        try {
            var plane = new ControlPlane(processes);
            plane.apiServer.awaitReady();
            ChartRights.apply(plane.client);
            return plane;
        } catch (IOException e) {
            processes.close();
            throw new UncheckedIOException("cannot start a control plane", e);
        } catch (RuntimeException e) {
            processes.close();
            throw e;
        }
    }

    /** A client with the rights of an administrator. It is closed with the control plane. */
    public KubernetesClient client() {
        return client;
    }

    /** The kubeconfig of an administrator. */
    public Path kubeconfig() {
        return processes.folder().resolve("kubeconfig");
    }

    /** The API server, which can be frozen, stopped and started again. */
    public ApiServer apiServer() {
        return apiServer;
    }

    /**
     * Starts the real kube-controller-manager beside it.
     *
     * @param controllers the controllers to run, by their names in Kubernetes, such as {@link #JOB_CONTROLLERS}
     */
    public void startControllers(List<String> controllers) {
        var _ = processes.start(
                "kube-controller-manager",
                Map.of(),
                List.of(
                        program.toString(),
                        "kube-controller-manager",
                        "--kubeconfig=" + kubeconfig(),
                        "--leader-elect=false",
                        "--secure-port=0",
                        "--controllers=" + String.join(",", controllers)));
    }

    /** Creates a namespace with a unique name that begins with this. */
    public String createNamespace(String prefix) {
        var name = prefix + "-" + names.incrementAndGet();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    /** The audit log of service accounts, the operator included. */
    public Stream<AuditEvent> auditLog() {
        return AuditEvent.read(auditLogFile());
    }

    /** The file of the audit log, with a line for each request. */
    public Path auditLogFile() {
        return folder().resolve(AUDIT_LOG);
    }

    /** The folder of its processes. It is deleted when it is closed. */
    public Path folder() {
        return processes.folder();
    }

    /** An operator for this control plane, not started yet. It ends with the control plane at the latest. */
    public OperatorProcess operator(OperatorProcess.Setup setup) {
        int number = names.incrementAndGet();
        var operator = new OperatorProcess(processes, setup, operatorKubeconfig(number), number, freePort());
        synchronized (operators) {
            operators.add(operator);
        }
        return operator;
    }

    /** The last lines of every operator's log. */
    public String describe() {
        synchronized (operators) {
            return String.join(
                    "\n",
                    operators.stream()
                            .map(operator -> operator.name() + ":\n" + Logs.tail(operator.log()))
                            .toList());
        }
    }

    @Override
    public void close() {
        client.close();
        processes.close();
    }

    private void startStore(int storePort) {
        var url = "http://127.0.0.1:" + storePort;
        var _ = processes.start(
                "etcd",
                Map.of(),
                List.of(
                        program.toString(),
                        "etcd",
                        "--data-dir=etcd",
                        "--unsafe-no-fsync",
                        "--log-level=warn",
                        "--quota-backend-bytes=8589934592",
                        "--listen-client-urls=" + url,
                        "--advertise-client-urls=" + url,
                        "--listen-peer-urls=http://127.0.0.1:0"));
    }

    private Path operatorKubeconfig(int number) {
        var file = processes.folder().resolve("operator-" + number + ".kubeconfig");
        try {
            Files.writeString(file, Credentials.kubeconfig(port, ChartRights.token(client)));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Below the ports that the system gives to clients, so that the port stays free between a stop and a start. */
    private static int freePort() throws UncheckedIOException {
        for (int tries = 0; ; tries++) {
            int candidate = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            try (var socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                if (tries == 100) throw new UncheckedIOException("no free port", taken);
            }
        }
    }
}
