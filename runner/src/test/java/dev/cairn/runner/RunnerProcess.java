package dev.cairn.runner;

import dev.cairn.plan.Mounts;
import java.nio.file.Path;

/** The runner's real main in a JVM of its own. */
public final class RunnerProcess extends ChildProcess {
    private RunnerProcess(ProcessBuilder builder, Path terminationLog) {
        super(builder, terminationLog);
    }

    static RunnerProcess start(Path root, String pod, String hash) {
        var builder = new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.cairn.runner.Main",
                hash);
        builder.environment().put(Place.ROOT_VARIABLE, root.toString());
        builder.environment().put(Place.PORT_VARIABLE, "0");
        builder.environment().put(Mounts.POD_VARIABLE, pod);
        return new RunnerProcess(builder, terminationLog(root));
    }
}
