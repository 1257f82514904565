package dev.cairn.runner.benchmark;

import dev.cairn.plan.Json;
import dev.cairn.plan.Progress;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.RunnerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The runner as a process of its own, started as its Job starts it, and looked at from outside while it goes. */
final class ObservedRunner {
    private static final Path OPTIONS = Path.of("images/java.args");
    private static final Pattern PORT = Pattern.compile("progress on port (\\d+)");
    private static final Pattern AFTER_FULL = Pattern.compile("Pause Full \\(Diagnostic Command\\) \\d+M->(\\d+)M");

    private final RunnerProcess runner;
    private final Path collections;
    private final HttpClient client = HttpClient.newHttpClient();

    private ObservedRunner(RunnerProcess runner, Path collections) {
        this.runner = runner;
        this.collections = collections;
    }

    /**
     * What was seen at a moment.
     *
     * @param millis since 1970
     * @param residentKilobytes memory of the process that is in RAM
     * @param peakKilobytes the most that it ever was
     * @param processorSeconds used so far
     */
    record Look(long millis, Progress progress, long residentKilobytes, long peakKilobytes, double processorSeconds) {}

    static ObservedRunner start(RunnerFolder folder) throws IOException {
        var collections = Files.createTempFile("collections", ".log");
        var options = new ArrayList<>(
                List.of(ImageProgram.CONTAINER, "-Xlog:gc:file=" + collections + ":uptime:filecount=0"));
        for (var option : Files.readAllLines(OPTIONS)) {
            // The archive of classes is made with the image; without attaching nobody could ask for a collection.
            boolean isOfTheImage = option.startsWith("#") || option.contains("AOTCache") || option.contains("Attach");
            if (!isOfTheImage && !option.isBlank()) options.add(option);
        }
        return new ObservedRunner(folder.start("pod-1", options), collections);
    }

    RunnerProcess process() {
        return runner;
    }

    /** Empty before it answers, and after its end. */
    Optional<Look> look() {
        var port = PORT.matcher(runner.output());
        if (!runner.isAlive() || !port.find()) return Optional.empty();
        try {
            var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port.group(1) + "/progress"));
            var answer = client.send(request.build(), BodyHandlers.ofString());
            var progress = Json.read(answer.body(), Progress.class);
            return Optional.of(new Look(
                    System.currentTimeMillis(),
                    progress,
                    status("VmRSS"),
                    status("VmHWM"),
                    ProcessorTime.of(runner.pid())));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** What its heap holds on to, in megabytes: after a collection of everything. */
    long retainedMegabytes() {
        try {
            var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            new ProcessBuilder(jcmd, String.valueOf(runner.pid()), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            Matcher found = AFTER_FULL.matcher(Files.readString(collections));
            long last = 0;
            while (found.find()) last = Long.parseLong(found.group(1));
            return last;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private long status(String name) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc", String.valueOf(runner.pid()), "status")))
            if (line.startsWith(name + ":")) return Long.parseLong(line.replaceAll("\\D", ""));
        return 0;
    }
}
