package dev.cairn.runner.benchmark;

import dev.cairn.runner.RunnerFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The runner's program as its image has it: its runtime, its flags, its startup cache.
 *
 * @param target a folder {@code runner/target}, built with {@code -Pimages}
 * @param flags of the JVM, before those of the image
 */
record ImageProgram(Path target, List<String> flags) {
    /** The limit of a Job's container, where the target says nothing else: the JVM chooses its heap by it. */
    static final String CONTAINER = "-XX:MaxRAM=256m";

    private static final Pattern PEAK = Pattern.compile("memory peaked at (\\d+) MB");

    /** The image's argument file, with the paths of the training folder in place of the container's. */
    ProcessBuilder command(RunnerFolder folder) throws IOException {
        var training = target.resolve("image-training").toAbsolutePath();
        var cache = target.resolve("image-root/app/startup.aot").toAbsolutePath();
        var arguments = Files.readString(training.resolve("java.args"))
                .replaceAll("-XX:AOTCacheOutput=\\S+", "-XX:AOTCache=" + cache);
        var file = Files.writeString(Files.createTempFile("cairn-image", ".args"), arguments);
        var command =
                new ArrayList<>(List.of(training.resolve("opt/java/bin/java").toString()));
        command.add(CONTAINER);
        command.addAll(flags);
        command.addAll(List.of("@" + file, folder.hash()));
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(folder.environment("benchmark"));
        return builder;
    }

    /** What the programs that have ended have used of the processor. */
    static double processorSeconds() throws IOException {
        long self = ProcessHandle.current().pid();
        return ProcessorTime.withEnded(self) - ProcessorTime.of(self);
    }

    /** The most memory that it had, by the last line of its log. */
    static double peakMegabytes(String log) {
        var peak = PEAK.matcher(log);
        if (!peak.find()) throw new IllegalStateException(log);
        return Double.parseDouble(peak.group(1));
    }
}
