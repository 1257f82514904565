package dev.cairn.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/** Runs a program of the machine to its end. */
public final class Command {
    private Command() {}

    /**
     * Runs a program. Its standard error goes to the standard error of this process.
     *
     * @return what it printed, without the last line break
     * @throws IllegalStateException if it fails; the message has the command and its status
     */
    public static String run(String... command) {
        return run(List.of(command));
    }

    /** As {@link #run(String...)}. */
    public static String run(List<String> command) {
        return run(command, ProcessBuilder.Redirect.INHERIT);
    }

    /** As {@link #run(String...)}, for programs that write much to their standard error. */
    public static String quietly(String... command) {
        return run(List.of(command), ProcessBuilder.Redirect.DISCARD);
    }

    private static String run(List<String> command, ProcessBuilder.Redirect error) {
        try {
            // A file, not a pipe: a server that outlives the command would keep a pipe open.
            var output = Files.createTempFile("cairn", ".out");
            try {
                var process = new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(error)
                        .start();
                int status = process.waitFor();
                var text = Files.readString(output, StandardCharsets.UTF_8).strip();
                if (status != 0)
                    throw new IllegalStateException(
                            String.join(" ", command) + " ended with status " + status + ": " + text);
                return text;
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command.getFirst(), e);
        }
    }
}
