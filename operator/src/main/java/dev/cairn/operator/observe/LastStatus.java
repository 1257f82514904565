package dev.cairn.operator.observe;

import dev.cairn.crds.Condition;
import dev.cairn.crds.MigrationStatus;
import dev.cairn.operator.decide.Observation.Past;
import dev.cairn.operator.decide.ProgressMark;
import dev.cairn.operator.decide.StatusReason;
import dev.cairn.operator.decide.Verdict;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the past of a migration from its status. */
final class LastStatus {
    private LastStatus() {}

    static Past read(@Nullable MigrationStatus status) {
        if (status == null || status.phase() == null) return Past.NONE;
        var attempts = status.attempts();
        return new Past(
                status.phase(),
                verdict(status).orElse(null),
                status.planHash(),
                status.job(),
                status.retry() == null ? "" : status.retry(),
                attempts == null ? 0 : attempts,
                mark(status));
    }

    private static ProgressMark mark(MigrationStatus status) {
        var progress = status.progress();
        if (progress == null) return ProgressMark.NONE;
        var checkpoint = status.checkpoint();
        var at = checkpoint == null ? null : checkpoint.at();
        return ProgressMark.of(
                progress.walk() == null ? 1 : progress.walk(),
                number(progress.walked()),
                number(progress.rows()),
                (int) number(progress.stepsDone()),
                at == null ? 0 : Instant.parse(at).getEpochSecond());
    }

    private static long number(@Nullable Number number) {
        return number == null ? 0 : number.longValue();
    }

    private static Optional<Verdict> verdict(MigrationStatus status) {
        var message = Stream.ofNullable(status.conditions())
                .flatMap(conditions -> conditions.stream())
                .filter(condition -> condition.type().equals("Ready"))
                .map(Condition::message)
                .findFirst()
                .orElse("");
        return StatusReason.of(status).map(reason -> new Verdict(reason, message));
    }
}
