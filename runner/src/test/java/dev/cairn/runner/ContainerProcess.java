package dev.cairn.runner;

import dev.cairn.plan.Mounts;
import dev.cairn.plan.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A user's container without a container: the launcher, and the command that it starts. */
public final class ContainerProcess {
    private static @Nullable Path launcher;

    private final Process process;
    private final Path terminationLog;
    private final Path output;

    private ContainerProcess(Process process, Path terminationLog, Path output) {
        this.process = process;
        this.terminationLog = terminationLog;
        this.output = output;
    }

    static ContainerProcess start(Path root, List<String> command) {
        try {
            var output = Files.createTempFile(root, "container", ".log");
            var words = new ArrayList<>(List.of(launcher().toString()));
            words.addAll(command);
            var builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().put(Place.ROOT_VARIABLE, root.toString());
            var log = root.resolve(Mounts.TERMINATION_LOG.toString().substring(1));
            // The kubelet makes an empty one.
            Files.writeString(log, "");
            builder.environment().put("TERMINATION_LOG", log.toString());
            var process = builder.start();
            // A test may leave it waiting for an outcome.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> killAll(process)));
            return new ContainerProcess(process, log, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The launcher as the image has it; built once. */
    public static synchronized Path launcher() {
        if (launcher == null) launcher = goProgram(Path.of("launcher"), "launch");
        return launcher;
    }

    /** Builds a Go program into the module's target folder. */
    static Path goProgram(Path folder, String name) {
        var built = Path.of("target", name).toAbsolutePath();
        try {
            var builder = new ProcessBuilder("go", "build", "-trimpath", "-o", built.toString(), ".")
                    .directory(folder.toFile())
                    .inheritIO();
            builder.environment().putAll(Map.of("CGO_ENABLED", "0"));
            if (builder.start().waitFor() != 0) throw new IllegalStateException("go build failed in " + folder);
            return built;
        } catch (IOException e) {
            throw new UncheckedIOException("these tests need Go 1.25 or later", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGKILL for the launcher and all that it started, as when a container is killed; waits until they are gone. */
    public void kill() {
        var all = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly();
        // What was started in between is found again: nobody is left to start more.
        all.addAll(process.descendants().toList());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(handle -> handle.onExit().join());
        exitCode();
    }

    private static void killAll(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end, for two minutes at most. */
    public int exitCode() {
        try {
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("the container did not end: " + output());
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
        return Outcome.fromTerminationMessage(words());
    }

    /** Its termination log as it is. */
    public String words() {
        return read(terminationLog);
    }

    /** What it wrote so far. */
    public String output() {
        return read(output);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
