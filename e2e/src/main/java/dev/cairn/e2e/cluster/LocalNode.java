package dev.cairn.e2e.cluster;

import dev.cairn.e2e.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A single node whose parts are processes of this machine, run by {@code e2e/cluster/cluster}. A node that already runs
 * is used, and stays.
 */
final class LocalNode implements Cluster {
    /** The bridge's address from the script. Only pods can reach it. */
    private static final String GATEWAY = "10.244.0.1";

    private final Path script;
    private final Path kubeconfig;
    private final boolean startedHere;

    private LocalNode(Path script, Path kubeconfig, boolean startedHere) {
        this.script = script;
        this.kubeconfig = kubeconfig;
        this.startedHere = startedHere;
    }

    /** What this machine lacks for a node, empty for nothing. */
    static String missing() {
        var missing = new ArrayList<String>();
        if (!System.getProperty("os.name").equals("Linux")) missing.add("it needs Linux");
        if (!"root".equals(System.getProperty("user.name"))) missing.add("it needs root");
        return String.join("; ", missing);
    }

    static Cluster start(Path script) {
        var kubeconfig = stateFolder().resolve("kubeconfig");
        if (isUp(kubeconfig)) return new LocalNode(script, kubeconfig, false);
        return new LocalNode(script, Path.of(Command.run(script.toString(), "up")), true);
    }

    @Override
    public String name() {
        return "a single node on this machine";
    }

    @Override
    public Path kubeconfig() {
        return kubeconfig;
    }

    @Override
    public Path kubectl() {
        return Path.of(Command.run(script.toString(), "build")).resolve("kubectl");
    }

    @Override
    public void load(List<Path> archives) {
        var command = new ArrayList<>(List.of(script.toString(), "load"));
        archives.forEach(archive -> command.add(archive.toString()));
        Command.run(command);
    }

    @Override
    public String hostAddress() {
        return GATEWAY;
    }

    @Override
    public void kill(String id) {
        Command.run(script.toString(), "kill", id);
    }

    @Override
    public void stopApiServer() {
        Command.run(script.toString(), "stop-api");
    }

    @Override
    public void startApiServer() {
        Command.run(script.toString(), "start-api");
    }

    @Override
    public Stream<AuditEvent> auditLog() {
        return AuditEvent.read(stateFolder().resolve("audit.log"));
    }

    @Override
    public void close() {
        if (startedHere) Command.run(script.toString(), "down");
    }

    @Override
    public String endingLine() {
        return "'" + script + "' down";
    }

    private static Path stateFolder() {
        var folder = System.getenv("CLUSTER_STATE");
        return Path.of(folder == null ? "/var/lib/cairn-cluster" : folder);
    }

    private static boolean isUp(Path kubeconfig) {
        if (!Files.exists(kubeconfig)) return false;
        try (var client = Cluster.connect(kubeconfig)) {
            return "ok".equals(client.raw("/readyz"));
        } catch (RuntimeException e) {
            return false; // left from a machine that was switched off; up begins with down
        }
    }
}
