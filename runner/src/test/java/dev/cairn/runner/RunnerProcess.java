package dev.cairn.runner;

import dev.cairn.plan.Mounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The runner's real main in a JVM of its own. */
public final class RunnerProcess extends ChildProcess {
    private RunnerProcess(ProcessBuilder builder, Path terminationLog) {
        super(builder, terminationLog);
    }

    static RunnerProcess start(Path root, String pod, String hash) {
        return start(root, pod, hash, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
    }

    /** @param options of the JVM */
    static RunnerProcess start(Path root, String pod, String hash, List<String> options) {
        return start(root, pod, options, List.of(hash));
    }

    /** One that only reads the ledger, for the question of this hash. */
    static RunnerProcess readLedger(Path root, String hash) {
        return start(root, "pod-1", List.of("-XX:+UseSerialGC"), List.of(Mounts.READ_LEDGER, hash));
    }

    private static RunnerProcess start(Path root, String pod, List<String> options, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.cairn.runner.Main"));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(environment(root, pod));
        return new RunnerProcess(builder, terminationLog(root));
    }

    /** The variables of a runner in this folder, with any free port. */
    static Map<String, String> environment(Path root, String pod) {
        return Map.of(
                RunnerEnvironment.ROOT_VARIABLE,
                root.toString(),
                RunnerEnvironment.PORT_VARIABLE,
                "0",
                Mounts.POD_VARIABLE,
                pod);
    }
}
