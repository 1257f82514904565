package dev.cairn.e2e.controlplane;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * The kube-apiserver of a {@link ControlPlane}. It can be frozen, stopped and started again. Its port stays the same.
 */
public final class ApiServer {
    private static final String NAME = "kube-apiserver";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int SECONDS_TO_END = 60;

    private final ChildProcesses processes;
    private final List<String> command;
    private final KubernetesClient client;
    private Process process;

    ApiServer(ChildProcesses processes, Path program, int storePort, int port, KubernetesClient client) {
        this.processes = processes;
        this.client = client;
        command = List.of(
                program.toString(),
                NAME,
                "--etcd-servers=http://127.0.0.1:" + storePort,
                "--cert-dir=" + Credentials.FOLDER,
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                "--endpoint-reconciler-type=none", // it requires an address other than the loopback's
                "--service-cluster-ip-range=10.96.0.0/16",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + Credentials.PUBLIC_KEY,
                "--service-account-signing-key-file=" + Credentials.PRIVATE_KEY,
                "--token-auth-file=" + Credentials.TOKENS,
                "--authorization-mode=RBAC",
                "--disable-admission-plugins=ServiceAccount", // the account "default" does not exist
                "--feature-gates=MutatingAdmissionPolicy=true",
                "--runtime-config=admissionregistration.k8s.io/v1beta1=true",
                "--audit-policy-file=" + ControlPlane.AUDIT_POLICY,
                "--audit-log-path=" + ControlPlane.AUDIT_LOG,
                "--audit-log-maxsize=10000", // one file: readers follow it
                "--audit-log-mode=blocking");
        process = launch();
    }

    /** Freezes it: connections stay open, but get no answers. */
    public void pause() {
        ChildProcesses.signal(process, "STOP");
    }

    /** Ends {@link #pause()}. */
    public void resume() {
        ChildProcesses.signal(process, "CONT");
    }

    /** Stops it as an upgrade does. */
    public void stop() {
        process.destroy();
        ChildProcesses.awaitEnd(process, SECONDS_TO_END);
    }

    /** Kills it as a power cut does. */
    public void kill() {
        process.destroyForcibly();
        ChildProcesses.awaitEnd(process, SECONDS_TO_END);
    }

    /** Starts it again on the same port, and waits until it is ready. Does nothing while it runs. */
    public void start() {
        if (!process.isAlive()) process = launch();
        awaitReady();
    }

    void awaitReady() {
        Awaitility.await("the API server")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(this::isReady);
    }

    private boolean isReady() {
        if (!process.isAlive())
            throw new IllegalStateException("the API server has ended: " + Logs.tail(processes.log(NAME)));
        try {
            return "ok".equals(client.raw("/readyz"));
        } catch (KubernetesClientException notYet) {
            return false;
        }
    }

    private Process launch() {
        return processes.start(NAME, Map.of(), command);
    }
}
