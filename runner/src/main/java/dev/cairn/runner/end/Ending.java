package dev.cairn.runner.end;

import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Reason;
import dev.cairn.runner.report.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The way out of the process: the termination message, then the exit code. SIGTERM takes it too. */
public final class Ending {
    /** Kubernetes is told ten seconds. */
    private static final Duration GRACE = Duration.ofSeconds(8);

    private final Path terminationLog;
    private final Supplier<Progress> progress;
    private final Stop stop;
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable Outcome written;

    public Ending(Path terminationLog, Supplier<Progress> progress, Stop stop) {
        this.terminationLog = terminationLog;
        this.progress = progress;
        this.stop = stop;
    }

    /** From now on a SIGTERM asks the run to stop, and ends the process itself when the run does not within eight seconds. */
    public void onSigterm() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::terminate, "sigterm"));
    }

    /** Leaves the message and ends the process. */
    @SuppressWarnings("SystemExitOutsideMain") // this is what main ends with
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
        // The run may have ended otherwise in the last moment: its own outcome counts.
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
            if (!ended.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) Log.info("not stopped in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Only the first outcome is written; it is what comes back. */
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
