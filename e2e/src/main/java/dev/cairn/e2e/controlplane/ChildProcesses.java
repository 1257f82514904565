package dev.cairn.e2e.controlplane;

import dev.cairn.e2e.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Programs that share a temporary folder. They end, and the folder is deleted, when this is closed or when this process
 * ends in any way. A separate shell waits for that.
 */
final class ChildProcesses implements AutoCloseable {
    /** Reads started (+) and ended (-) processes. At the end of its input it kills the remaining ones. */
    private static final String REAPER = """
            trap '' INT TERM HUP
            pids=' '
            while read -r sign pid; do
              case $sign in
                +) pids="$pids$pid " ;;
                -) pids="${pids%% $pid *} ${pids#* $pid }" ;;
              esac
            done
            for pid in $pids; do kill -9 "$pid" 2>/dev/null; done
            for try in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$1" 2>/dev/null && break; sleep 0.2; done
            """;

    private final Path folder;
    private final Process reaper;
    private final Writer toReaper;

    ChildProcesses(String name) {
        try {
            folder = Files.createTempDirectory(name);
            reaper = new ProcessBuilder("sh", "-c", REAPER, "reaper", folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            toReaper = reaper.outputWriter(StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder for " + name, e);
        }
    }

    /** The programs' folder. It is deleted when this is closed. */
    Path folder() {
        return folder;
    }

    /** Starts a program in the folder. Its output goes to its log. */
    Process start(String name, Map<String, String> environment, List<String> command) {
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile(name).toFile()));
        builder.environment().putAll(environment);
        try {
            var process = builder.start();
            tellReaper("+", process);
            var _ = process.onExit().thenAccept(ended -> tellReaper("-", ended));
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.getFirst(), e);
        }
    }

    /** The output of a program so far. */
    String log(String name) {
        try {
            return Files.readString(logFile(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a signal, such as {@code STOP}. A process that has ended gets none. */
    static void signal(Process process, String signal) {
        if (process.isAlive()) Command.run("kill", "-" + signal, String.valueOf(process.pid()));
    }

    /**
     * Waits for the end of a process.
     *
     * @return its exit status
     * @throws IllegalStateException if it takes longer than this
     */
    static int awaitEnd(Process process, long seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS))
                throw new IllegalStateException("process " + process.pid() + " runs on after " + seconds + " s");
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        try {
            synchronized (toReaper) {
                toReaper.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the reaper of " + folder + " has gone", e);
        }
        awaitEnd(reaper, 30);
    }

    private Path logFile(String name) {
        return folder.resolve(name + ".log");
    }

    private void tellReaper(String sign, Process process) {
        synchronized (toReaper) {
            if (!reaper.isAlive()) return;
            try {
                toReaper.write(sign + " " + process.pid() + "\n");
                toReaper.flush();
            } catch (IOException closed) {
                // The reaper has its list, and ends the process.
            }
        }
    }
}
