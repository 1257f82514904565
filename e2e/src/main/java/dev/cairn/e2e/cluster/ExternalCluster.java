package dev.cairn.e2e.cluster;

import dev.cairn.e2e.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A cluster that the environment names. The environment also names commands for tasks without a Kubernetes API. */
record ExternalCluster(Path kubeconfig) implements Cluster {
    static final String KUBECONFIG = "CAIRN_E2E_KUBECONFIG";
    private static final String LOAD = "CAIRN_E2E_LOAD";
    private static final String HOST_ADDRESS = "CAIRN_E2E_HOST_ADDRESS";
    private static final String KILL = "CAIRN_E2E_KILL";
    private static final String STOP_API = "CAIRN_E2E_STOP_API";
    private static final String START_API = "CAIRN_E2E_START_API";
    private static final String AUDIT_LOG = "CAIRN_E2E_AUDIT_LOG";

    static boolean isNamed() {
        return System.getenv(KUBECONFIG) != null;
    }

    static Cluster open() {
        return new ExternalCluster(Path.of(needed(KUBECONFIG, "the path of a kubeconfig")));
    }

    @Override
    public String name() {
        return "the cluster of " + kubeconfig;
    }

    @Override
    public Path kubectl() {
        return Path.of(Command.run("sh", "-c", "command -v kubectl || { echo install kubectl first; exit 1; }"));
    }

    @Override
    public void load(List<Path> archives) {
        var command = needed(LOAD, "a command that makes an image archive available to pods, its path in $1");
        for (var archive : archives) Command.run("sh", "-c", command, LOAD, archive.toString());
    }

    @Override
    public String hostAddress() {
        return needed(HOST_ADDRESS, "an address of this machine that the cluster's pods can reach");
    }

    @Override
    public void kill(String id) {
        Command.run("sh", "-c", needed(KILL, "a command that sends SIGKILL to the container whose id is $1"), KILL, id);
    }

    @Override
    public void stopApiServer() {
        Command.run("sh", "-c", needed(STOP_API, "a command that stops the API server"));
    }

    @Override
    public void startApiServer() {
        Command.run("sh", "-c", needed(START_API, "a command that starts the API server, and waits until it answers"));
    }

    @Override
    public Stream<AuditEvent> auditLog() {
        return AuditEvent.read(
                Path.of(needed(AUDIT_LOG, "the path of its API server's audit log, written as e2e/README.md says")));
    }

    @Override
    public void close() {}

    @Override
    public String endingLine() {
        return """
                export KUBECONFIG='%s'; kubectl delete --ignore-not-found namespace demo cairn-system; \
                kubectl delete clusterrole,clusterrolebinding -l app.kubernetes.io/name=cairn-operator; \
                kubectl delete --ignore-not-found crd {schemamigrations,datamigrations,migrationtargets}.cairn.dev\
                """.formatted(kubeconfig.toAbsolutePath());
    }

    private static String needed(String variable, String meaning) {
        @Nullable String value = System.getenv(variable);
        if (value == null)
            throw new IllegalStateException(KUBECONFIG + " is set, so " + variable + " is needed as well: " + meaning);
        return value;
    }
}
