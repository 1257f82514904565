package dev.cairn.e2e.controlplane;

import dev.cairn.e2e.Chart;
import dev.cairn.e2e.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The operator as a process of this machine, with the rights from the chart. It can be frozen, stopped, killed and
 * started again.
 */
public final class OperatorProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PROBE = Duration.ofSeconds(5);
    private static final int SECONDS_TO_END = 60;
    private static final int GRACE_SECONDS = 30;

    private static final List<Path> JVM_FLAGS = List.of(Path.of("images/java.args"), Path.of("operator/java.args"));

    /** Flags that only fit a container: its cache and folders, its memory limit, and no attachment. */
    private static final Pattern OF_THE_CONTAINER = Pattern.compile(
            "#.*|.*AOTCache.*|-Djava\\.io\\.tmpdir.*|-XX:MaxRAMPercentage.*|-XX:\\+DisableAttachMechanism");

    private final ChildProcesses processes;
    private final String name;
    private final int healthPort;
    private final Map<String, String> environment;
    private final List<String> command;
    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable Process process;

    /**
     * The options of a run.
     *
     * @param environment more variables than the required ones: see the operator's Options
     * @param jvmFlags such as {@code -Xmx96m}; they come after those of the image
     */
    public record Setup(Map<String, String> environment, List<String> jvmFlags) {
        /** A single operator that watches these namespaces; an empty list means all. */
        public static Setup watching(String... namespaces) {
            return new Setup(Map.of("CAIRN_WATCH_NAMESPACES", String.join(",", namespaces)), List.of());
        }

        /** The same as one of several replicas; the holder of the lease works. */
        public Setup electingALeader() {
            return with("CAIRN_LEADER_ELECTION", Chart.RELEASE);
        }

        /** The same with one more variable. */
        public Setup with(String variable, String value) {
            var more = new TreeMap<>(environment);
            more.put(variable, value);
            return new Setup(more, jvmFlags);
        }

        /** The same with more flags of the JVM. */
        public Setup withJvmFlags(String... flags) {
            var more = new ArrayList<>(jvmFlags);
            more.addAll(List.of(flags));
            return new Setup(environment, more);
        }
    }

    OperatorProcess(ChildProcesses processes, Setup setup, Path kubeconfig, int number, int healthPort) {
        this.processes = processes;
        this.healthPort = healthPort;
        name = "operator-" + number;
        environment = new TreeMap<>(Map.of(
                "KUBECONFIG",
                kubeconfig.toString(),
                "CAIRN_RUNNER_IMAGE",
                "cairn-runner:test",
                "CAIRN_NAMESPACE",
                Chart.NAMESPACE,
                "CAIRN_POD",
                name,
                "CAIRN_HEALTH_PORT",
                String.valueOf(healthPort)));
        environment.putAll(setup.environment());
        command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(imageFlags());
        command.addAll(setup.jvmFlags());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.cairn.operator.Main"));
    }

    private static List<String> imageFlags() {
        return JVM_FLAGS.stream()
                .flatMap(OperatorProcess::lines)
                .filter(line -> !OF_THE_CONTAINER.matcher(line).matches())
                .toList();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(Project.root().resolve(file)).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its name in the lease. */
    public String name() {
        return name;
    }

    /** Starts it, for the first time or again; returns at once. */
    public OperatorProcess start() {
        if (process != null && process.isAlive()) throw new IllegalStateException(name + " runs already");
        process = processes.start(name, environment, command);
        return this;
    }

    /** Waits until it answers {@code /readyz} with success. */
    public OperatorProcess awaitReady() {
        Awaitility.await(name + " is ready")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (!running().isAlive()) throw new IllegalStateException(name + " has ended: " + Logs.tail(log()));
                    return probe("/readyz") == 200;
                });
        return this;
    }

    /**
     * The result of a probe, as the kubelet sees it.
     *
     * @param path {@code /healthz} or {@code /readyz}
     * @return the HTTP status, 0 for no answer
     */
    public int probe(String path) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + healthPort + path))
                .timeout(PROBE)
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** SIGSTOP: it stops working, and its connections stay open. */
    public void pause() {
        ChildProcesses.signal(running(), "STOP");
    }

    /** Ends {@link #pause()}. */
    public void wake() {
        ChildProcesses.signal(running(), "CONT");
    }

    /**
     * SIGTERM, then SIGKILL if it still runs after 30 seconds, as the kubelet does.
     *
     * @return its exit status: 143 after a normal end, 137 if it was killed
     */
    public int terminate() {
        running().destroy();
        try {
            if (!running().waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) running().destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return ChildProcesses.awaitEnd(running(), SECONDS_TO_END);
    }

    /** SIGKILL. */
    public void kill() {
        running().destroyForcibly();
        ChildProcesses.awaitEnd(running(), SECONDS_TO_END);
    }

    /** Waits until it ends by itself. */
    public int awaitEnd(Duration patience) {
        return ChildProcesses.awaitEnd(running(), patience.toSeconds());
    }

    /** Whether its process exists, also if it is frozen. */
    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Its process id. */
    public long pid() {
        return running().pid();
    }

    /** The address of its probes. */
    public int healthPort() {
        return healthPort;
    }

    /** The output of all its starts. */
    public String log() {
        return process == null ? "" : processes.log(name);
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        if (isAlive()) kill();
        http.close();
    }

    private Process running() {
        if (process == null) throw new IllegalStateException(name + " was not started");
        return process;
    }
}
