package dev.cairn.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A user's container without a container: the launcher, and the command that it starts. */
public final class ContainerProcess extends ChildProcess {
    private static @Nullable Path launcher;

    private ContainerProcess(ProcessBuilder builder, Path terminationLog) {
        super(builder, terminationLog);
    }

    static ContainerProcess start(Path root, List<String> command) {
        var words = new ArrayList<>(List.of(launcher().toString()));
        words.addAll(command);
        var log = terminationLog(root);
        var builder = new ProcessBuilder(words);
        builder.environment().put(RunnerEnvironment.ROOT_VARIABLE, root.toString());
        builder.environment().put("TERMINATION_LOG", log.toString());
        return new ContainerProcess(builder, log);
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
}
