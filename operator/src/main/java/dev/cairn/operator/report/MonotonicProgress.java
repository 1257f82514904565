package dev.cairn.operator.report;

import dev.cairn.crds.MigrationStatus;
import dev.cairn.crds.MigrationStatus.Checkpoint;
import dev.cairn.plan.Progress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a migration in the status. It only grows. A late answer changes nothing; nor does a pod that has read
 * less of the ledger than an earlier pod wrote.
 *
 * @param attempts starts, as the ledger counts them
 * @param progress null while unknown
 * @param checkpoint null while unknown
 */
record MonotonicProgress(
        int attempts,
        MigrationStatus.@Nullable Progress progress,
        @Nullable Checkpoint checkpoint) {

    /** The progress of a status. For another plan only the attempts continue. */
    static MonotonicProgress of(@Nullable MigrationStatus status, @Nullable String planHash) {
        if (status == null) return new MonotonicProgress(0, null, null);
        var attempts = status.attempts() == null ? 0 : status.attempts();
        boolean samePlan = planHash != null && planHash.equals(status.planHash());
        return samePlan
                ? new MonotonicProgress(attempts, status.progress(), status.checkpoint())
                : new MonotonicProgress(attempts, null, null);
    }

    /** The progress with a runner's report, unless the report is older. */
    MonotonicProgress with(@Nullable Progress told, Instant now) {
        if (told == null || told.attempts() == 0 || told.attempts() < attempts || isBehind(told)) return this;
        return new MonotonicProgress(told.attempts(), progress(told, now), checkpoint(told));
    }

    /**
     * The progress without the values of a working runner.
     *
     * @param held whether the runner waits and reports its holds
     */
    MonotonicProgress atRest(boolean held) {
        if (progress == null) return this;
        var p = progress;
        return new MonotonicProgress(
                attempts,
                new MigrationStatus.Progress(
                        p.stepsDone(),
                        p.steps(),
                        p.rows(),
                        p.walk(),
                        p.walked(),
                        p.estimatedRows(),
                        null,
                        null,
                        null,
                        p.batchSize(),
                        p.skipped(),
                        held ? p.heldBy() : null,
                        p.impact()),
                checkpoint);
    }

    private boolean isBehind(Progress told) {
        return progress != null
                && (walk(told.walk()) < walk(progress.walk())
                        || (walk(told.walk()) == walk(progress.walk()) && told.walked() < number(progress.walked()))
                        || told.rows() < number(progress.rows())
                        || told.stepsDone() < number(progress.stepsDone()));
    }

    private static MigrationStatus.Progress progress(Progress told, Instant now) {
        boolean walks = told.steps() == 0;
        return new MigrationStatus.Progress(
                walks ? null : told.stepsDone(),
                walks ? null : told.steps(),
                told.rows(),
                told.walk(),
                walks ? told.walked() : null,
                told.estimatedRows(),
                told.verified(),
                told.rowsPerSecond() > 0 ? told.rowsPerSecond() : null,
                Display.timeLeft(told.walked(), told.estimatedRows(), told.rowsPerSecond())
                        .map(left ->
                                now.plus(left).truncatedTo(ChronoUnit.SECONDS).toString())
                        .orElse(null),
                told.batchSize() > 0 ? told.batchSize() : null,
                told.skipped() > 0 ? told.skipped() : null,
                told.heldBy().isEmpty() ? null : told.heldBy(),
                impact(told.impact()));
    }

    private static MigrationStatus.@Nullable Impact impact(Progress.@Nullable Impact told) {
        if (told == null) return null;
        return new MigrationStatus.Impact(
                told.striped() ? "Striped" : "Plain",
                told.rowsPerTransaction(),
                told.lockMillis(),
                told.hotPercent(),
                told.heapGrowthBytes(),
                told.walBytesPerRow());
    }

    private static @Nullable Checkpoint checkpoint(Progress told) {
        if (told.ranges().isEmpty() && told.checkpointAtMillis() == 0) return null;
        var ranges = told.ranges().stream()
                .map(range -> new MigrationStatus.Range(range.from(), range.to(), range.cursor(), range.rows()))
                .toList();
        var at = told.checkpointAtMillis() == 0
                ? null
                : Instant.ofEpochMilli(told.checkpointAtMillis())
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString();
        return new Checkpoint(at, ranges);
    }

    private static int walk(@Nullable Integer walk) {
        return walk == null ? 1 : walk;
    }

    static long number(@Nullable Number number) {
        return number == null ? 0 : number.longValue();
    }
}
