package dev.cairn.runner;

import dev.cairn.plan.Mounts;
import dev.cairn.plan.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

/** One of a pod's containers as a process on this machine, with what it started. */
public abstract class ChildProcess {
    private final Process process;
    private final Path terminationLog;
    private final Path output;

    /** @param terminationLog as {@link #terminationLog} gives it */
    ChildProcess(ProcessBuilder builder, Path terminationLog) {
        this.terminationLog = terminationLog;
        try {
            output = Files.createTempFile("cairn-output", ".log");
            process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // A test that fails may leave it at work.
        Runtime.getRuntime().addShutdownHook(new Thread(this::killAll));
    }

    /** Where a process on this file system leaves its last words; an empty file, as the kubelet makes it. */
    static Path terminationLog(Path root) {
        try {
            return Files.writeString(
                    root.resolve(Mounts.TERMINATION_LOG.toString().substring(1)), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL for all of it, as when a container is killed; waits until they are gone. */
    public void kill() {
        killAll();
        exitCode();
    }

    private void killAll() {
        var all = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly();
        // What was started in between is found again: nobody is left to start more.
        all.addAll(process.descendants().toList());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(handle -> handle.onExit().join());
    }

    /** The operating system's number of it. */
    public long pid() {
        return process.pid();
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

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end, for five minutes at most. */
    public int exitCode() {
        try {
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("it did not end: " + output());
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
