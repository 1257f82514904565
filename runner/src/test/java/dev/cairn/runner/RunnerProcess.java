package dev.cairn.runner;

import dev.cairn.plan.Mounts;
import dev.cairn.plan.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The runner's real main in a JVM of its own. */
public final class RunnerProcess {
    private final Process process;
    private final Path terminationLog;
    private final Path output;

    private RunnerProcess(Process process, Path terminationLog, Path output) {
        this.process = process;
        this.terminationLog = terminationLog;
        this.output = output;
    }

    static RunnerProcess start(Path root, String pod, String hash) {
        return start(root, pod, hash, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
    }

    /** @param options of the JVM */
    static RunnerProcess start(Path root, String pod, String hash, List<String> options) {
        try {
            var output = Files.createTempFile(root, "output", ".log");
            var command = new ArrayList<String>();
            command.add(ProcessHandle.current().info().command().orElse("java"));
            command.addAll(options);
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.cairn.runner.Main", hash));
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().put(Place.ROOT_VARIABLE, root.toString());
            builder.environment().put(Place.PORT_VARIABLE, "0");
            builder.environment().put(Mounts.POD_VARIABLE, pod);
            var log = root.resolve(Mounts.TERMINATION_LOG.toString().substring(1));
            Files.deleteIfExists(log);
            return new RunnerProcess(builder.start(), log, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        exitCode();
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** SIGSTOP or SIGCONT. */
    public void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The operating system's number of it. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end, for five minutes at most. */
    public int exitCode() {
        try {
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("the runner did not end: " + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The termination message, after the end. */
    public Outcome outcome() {
        exitCode();
        try {
            return Outcome.fromTerminationMessage(Files.readString(terminationLog));
        } catch (IOException e) {
            throw new UncheckedIOException(output(), e);
        }
    }

    /** What it logged so far. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
