package dev.cairn.operator.decide;

import dev.cairn.operator.decide.PodSeen.Ended;
import dev.cairn.plan.ExitCode;
import dev.cairn.plan.Forecast;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Reason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The verdict about a migration from the end of its container. */
final class TerminalStatus {
    private TerminalStatus() {}

    /** The verdict, if this end is the end of the migration; empty if the Job tries again. */
    static Optional<Verdict> lastWord(Observation seen, JobSeen job, Ended end) {
        if (end.exitCode() == ExitCode.DONE.code()) return Optional.of(done(seen, job, Optional.of(end)));
        if (end.exitCode() == ExitCode.PERMANENT.code()) return Optional.of(refused(seen, job, end));
        return Optional.empty();
    }

    static Verdict done(Observation seen, JobSeen job, Optional<Ended> end) {
        var outcome = end.map(Ended::outcome).orElse(null);
        boolean isDryRun = job.dryRun() || (outcome != null && outcome.reason() == Reason.DryRunComplete);
        if (isDryRun) return planned(seen, job, outcome);
        if (outcome != null && outcome.reason() == Reason.AlreadyApplied)
            return new Verdict(
                    StatusReason.AlreadyApplied,
                    "%s was applied before, by the database's own record: nothing was changed.".formatted(seen.self()));
        return new Verdict(StatusReason.Applied, "%s is applied.".formatted(seen.self()));
    }

    private static Verdict planned(Observation seen, JobSeen job, @Nullable Outcome outcome) {
        var forecast = outcome == null ? null : outcome.forecast();
        if (outcome == null || forecast == null)
            return new Verdict(
                    StatusReason.DryRunComplete,
                    "%s: the dry run of Job %s is over, and its pod left no forecast: set the annotation cairn.dev/retry to a new value to run it again."
                            .formatted(seen.self(), job.name()));
        var warnings = forecast.warnings().size();
        return new Verdict(
                StatusReason.DryRunComplete,
                "%s %s%s status.forecast has %s. Set mode to Apply to carry it out."
                        .formatted(
                                seen.self(),
                                text(outcome),
                                warnings == 0
                                        ? ""
                                        : " %d warning%s, the first: %s."
                                                .formatted(
                                                        warnings,
                                                        warnings == 1 ? "" : "s",
                                                        forecast.warnings().getFirst()),
                                found(forecast)));
    }

    private static String found(Forecast forecast) {
        var plan = forecast.queryPlan().isEmpty() ? "the figures" : "the figures and the server's plan";
        return forecast.warnings().isEmpty() ? plan : "all of them, " + plan;
    }

    private static Verdict refused(Observation seen, JobSeen job, Ended end) {
        var outcome = end.outcome();
        if (outcome == null)
            return new Verdict(
                    StatusReason.OutcomeUnknown,
                    "%s: the pod of Job %s ended with exit code %d and left no outcome: see its log, then set the annotation cairn.dev/retry to a new value."
                            .formatted(seen.self(), job.name(), end.exitCode()));
        var reason = reason(outcome.reason());
        var failed = job.dryRun() ? "%s failed its dry run, and nothing was changed: " : "%s failed: ";
        return new Verdict(reason, failed.formatted(seen.self()) + text(outcome) + nextStep(reason));
    }

    private static StatusReason reason(Reason reason) {
        return switch (reason) {
            case SqlError -> StatusReason.SqlError;
            case VerifyFailed -> StatusReason.VerifyFailed;
            case ChecksumMismatch -> StatusReason.ChecksumMismatch;
            case InvalidSpec -> StatusReason.InvalidSpec;
            case ContainerFailed -> StatusReason.ContainerFailed;
            case DependencyLost -> StatusReason.DependencyLost;
            case Applied,
                    AlreadyApplied,
                    DryRunComplete,
                    OutcomeUnknown,
                    CredentialsMissing,
                    AccessDenied,
                    ConnectionLost,
                    LockTimeout,
                    AnotherMigrationRuns,
                    ContainerCrashed,
                    Fenced,
                    ServerFault,
                    InternalError,
                    Stopped -> StatusReason.OutcomeUnknown;
        };
    }

    /** The runner's message, with the server's SQLSTATE and hint. */
    static String text(Outcome outcome) {
        var text = new StringBuilder(outcome.message().strip());
        if (!text.isEmpty() && ".!?".indexOf(text.charAt(text.length() - 1)) < 0) text.append('.');
        append(text, "SQLSTATE", outcome.sqlState());
        append(text, "Hint:", outcome.hint());
        return text.toString();
    }

    private static void append(StringBuilder text, String label, @Nullable String value) {
        if (value == null || text.indexOf(value) >= 0) return;
        text.append(' ').append(label).append(' ').append(value);
        if (!value.endsWith(".")) text.append('.');
    }

    private static String nextStep(StatusReason reason) {
        return switch (reason) {
            case ChecksumMismatch -> "";
            case DependencyLost -> " Then set the annotation cairn.dev/retry of this migration to a new value.";
            default ->
                " Correct the spec, or set the annotation cairn.dev/retry to a new value to run it again as it is.";
        };
    }

    /** Why an attempt ended that the Job repeats. */
    static String cause(Ended end) {
        var outcome = end.outcome();
        if (outcome != null) return text(outcome);
        return end.withoutOutcome() + ".";
    }
}
