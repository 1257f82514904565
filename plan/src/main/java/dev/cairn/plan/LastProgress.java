package dev.cairn.plan;

import static dev.cairn.plan.Check.require;

import java.util.List;

/**
 * The last progress that a runner wrote. A runner keeps it in the container's termination message while it works. So a
 * container that is killed leaves its progress. The {@link Outcome} replaces it at the end.
 *
 * @param progress the numbers that change when work commits, without keys and texts
 */
public record LastProgress(Progress progress) {
    /** @throws IllegalArgumentException if there is no progress */
    public LastProgress {
        require(progress != null, "last progress: a progress");
    }

    /** The part of a progress that is kept. It stays equal while nothing is committed. */
    public static LastProgress of(Progress progress) {
        return new LastProgress(new Progress(
                Progress.Activity.Running,
                null,
                progress.attempts(),
                progress.stepsDone(),
                progress.steps(),
                progress.rows(),
                progress.walk(),
                progress.walked(),
                null,
                null,
                0,
                0,
                progress.checkpointAtMillis(),
                List.of(),
                0,
                List.of(),
                null));
    }

    /** JSON of less than {@value Outcome#MAX_BYTES} bytes. */
    public String toTerminationMessage() {
        return Json.write(this);
    }

    /** @throws IllegalArgumentException if the text has no progress; the message of an {@link Outcome} has one */
    public static LastProgress fromTerminationMessage(String json) {
        return Json.read(json, LastProgress.class);
    }
}
