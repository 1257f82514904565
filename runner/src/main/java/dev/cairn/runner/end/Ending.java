package dev.cairn.runner.end;

import dev.cairn.plan.GracePeriod;
import dev.cairn.plan.LastProgress;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Reason;
import dev.cairn.runner.report.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process: first the termination message, then the exit code. SIGTERM ends it in the same way. Until then the
 * message has the progress of the run, in case the process is killed.
 */
public final class Ending {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final Path terminationLog;
    private final Supplier<Progress> progress;
    private final Stop stop;
    private final CountDownLatch ended = new CountDownLatch(1);
    private LastProgress kept = LastProgress.of(Progress.NONE);
    private int longest;
    private @Nullable Outcome written;

    public Ending(Path terminationLog, Supplier<Progress> progress, Stop stop) {
        this.terminationLog = terminationLog;
        this.progress = progress;
        this.stop = stop;
    }

    /** From now on a SIGTERM asks the run to stop. After {@link GracePeriod#OF_RUNNER} the process ends in any case. */
    public void onSigterm() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::terminate, "sigterm"));
    }

    /** From now on the termination message has the progress, until the outcome replaces it. */
    public void keepProgress() {
        Thread.ofPlatform().daemon().name("last-progress").start(() -> {
            try {
                while (!ended.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) keep();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                Log.info("the termination message does not follow the progress: " + e);
            }
        });
    }

    private synchronized void keep() throws IOException {
        var now = LastProgress.of(progress.get());
        if (written != null || now.equals(kept)) return;
        overwrite(now.toTerminationMessage());
        kept = now;
    }

    /**
     * Overwrites the message in one write, so that the file always has a whole message. Spaces cover a longer one
     * before it.
     */
    private void overwrite(String message) throws IOException {
        longest = Math.max(longest, message.length());
        var padded = message + " ".repeat(longest - message.length());
        try (var file = FileChannel.open(terminationLog, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(padded.getBytes(StandardCharsets.US_ASCII)));
        }
    }

    /** Writes the message and ends the process. */
    @SuppressWarnings("SystemExitOutsideMain") // main ends with this call
    public void exit(Outcome outcome) {
        write(outcome);
        ended.countDown();
        System.exit(outcome.reason().exitCode().code());
    }

    private void terminate() {
        if (ended.getCount() == 0) return;
        Log.info("SIGTERM: stopping");
        stop.request();
        awaitEnd();
        // The run may have ended by itself in the meantime: then its own outcome counts.
        var outcome = write(new Outcome(
                Reason.Stopped,
                "stopped on request; the batch in flight did not end in time and is rolled back by the server",
                null,
                null,
                progress.get()));
        Runtime.getRuntime().halt(outcome.reason().exitCode().code());
    }

    private void awaitEnd() {
        try {
            if (!ended.await(GracePeriod.OF_RUNNER.toMillis(), TimeUnit.MILLISECONDS)) Log.info("not stopped in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes only the first outcome, and returns that one. */
    private synchronized Outcome write(Outcome outcome) {
        if (written != null) return written;
        written = outcome;
        Log.info(outcome.reason() + ": " + outcome.message());
        try {
            Files.writeString(terminationLog, outcome.toTerminationMessage());
        } catch (IOException e) {
            Log.info("no termination message: " + e);
        }
        return outcome;
    }
}
