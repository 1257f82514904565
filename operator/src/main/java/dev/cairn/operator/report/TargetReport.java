package dev.cairn.operator.report;

import dev.cairn.crds.Condition;
import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.MigrationTargetStatus;
import dev.cairn.crds.Phase;
import dev.cairn.operator.decide.Reach;
import dev.cairn.operator.decide.StartFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the status of a target from its migrations. */
public final class TargetReport {
    /** The pause before changed counts are written again. */
    public static final Duration BETWEEN_COUNTS = Duration.ofSeconds(5);

    private static final int LONGEST_QUEUE = 100;
    private static final String READY = "Ready";
    private static final String SUSPENDED = "Suspended";
    private static final String CONNECTING = "Connecting";

    private enum Column {
        APPLIED,
        RUNNING,
        WAITING,
        PLANNED,
        FAILED
    }

    private TargetReport() {}

    /**
     * The status.
     *
     * @param migrations the migrations of both kinds that name the target, in queue order
     * @param connection digest of its database's address
     * @param request the value of its annotation {@code cairn.dev/retry}, empty for none
     */
    public static MigrationTargetStatus status(
            MigrationTarget target,
            List<Migration> migrations,
            Reach reach,
            String connection,
            String request,
            Instant now) {
        var before = target.getStatus();
        var generation = target.getMetadata().getGeneration();
        return new MigrationTargetStatus(
                generation,
                Stream.concat(Stream.of(ready(target, reach, now)), suspended(target, now).stream())
                        .toList(),
                count(migrations, Column.APPLIED),
                count(migrations, Column.RUNNING),
                count(migrations, Column.WAITING),
                count(migrations, Column.PLANNED),
                count(migrations, Column.FAILED),
                queue(migrations),
                ledger(before == null ? null : before.ledger(), reach, connection, request, now));
    }

    private static Condition ready(MigrationTarget target, Reach reach, Instant now) {
        var name = "MigrationTarget/" + target.getMetadata().getName();
        var before = target.getStatus() == null ? null : target.getStatus().conditions();
        var generation = target.getMetadata().getGeneration();
        return switch (reach) {
            case Reach.Reached ignored ->
                Conditions.condition(
                        READY,
                        true,
                        "Reached",
                        name + " accepts migrations: its database was reached, and its ledger was read.",
                        generation,
                        before,
                        now);
            case Reach.Failed(var failure) ->
                Conditions.condition(
                        READY,
                        false,
                        failure.reason(),
                        "%s was not reached: %s It is tried again by itself.".formatted(name, failure.message()),
                        generation,
                        before,
                        now);
            case Reach.Connecting connecting -> connecting(name, connecting, generation, before, now);
            case Reach.Unconfirmed(var connecting) ->
                known(before)
                        .map(found -> Conditions.condition(
                                READY, found.status(), found.reason(), found.message(), generation, before, now))
                        .orElseGet(() -> connecting(name, connecting, generation, before, now));
        };
    }

    /** Present only while it is true. It says nothing of the database, which stays Ready or not. */
    private static Optional<Condition> suspended(MigrationTarget target, Instant now) {
        if (!target.getSpec().suspend()) return Optional.empty();
        return Optional.of(Conditions.condition(
                SUSPENDED,
                true,
                "SpecSuspend",
                "MigrationTarget/%s is suspended: set spec.suspend to false to let its migrations go on."
                        .formatted(target.getMetadata().getName()),
                target.getMetadata().getGeneration(),
                target.getStatus() == null ? null : target.getStatus().conditions(),
                now));
    }

    /** The condition of an earlier process. It stays until this process has a result. */
    private static Optional<Condition> known(@Nullable List<Condition> before) {
        return Stream.ofNullable(before)
                .flatMap(List::stream)
                .filter(condition -> condition.type().equals(READY)
                        // an earlier version said so of a suspended target
                        && !condition.reason().equals(SUSPENDED)
                        && !condition.reason().equals(CONNECTING))
                .findFirst();
    }

    private static Condition connecting(
            String name, Reach.Connecting reach, long generation, @Nullable List<Condition> before, Instant now) {
        var words = connecting(name, reach.job(), reach.obstacle());
        return Conditions.condition(READY, "Unknown", CONNECTING, words, generation, before, now);
    }

    private static String connecting(String name, @Nullable String job, @Nullable StartFailure obstacle) {
        if (job == null) return name + " was not reached yet: a Job that reads its ledger comes next.";
        return obstacle == null
                ? "%s was not reached yet: Job %s reads its ledger.".formatted(name, job)
                : "%s was not reached yet: Job %s, which reads its ledger, cannot start: %s"
                        .formatted(name, job, obstacle.words());
    }

    /** Written after all required reads. The earlier value stays until then. */
    private static MigrationTargetStatus.@Nullable Ledger ledger(
            MigrationTargetStatus.@Nullable Ledger before,
            Reach reach,
            String connection,
            String request,
            Instant now) {
        boolean complete = reach instanceof Reach.Reached(var all) && all;
        var answered = request.isEmpty() ? null : request;
        boolean known =
                before != null && before.connection().equals(connection) && Objects.equals(before.request(), answered);
        if (!complete || known) return before;
        return new MigrationTargetStatus.Ledger(
                connection, answered, now.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /**
     * Whether to write the status now. A change of the target's own state is written at once. Its counts and its queue
     * change with each migration. They are written only every few seconds.
     *
     * @param written when it was written last, null for never
     */
    public static boolean isDue(
            @Nullable MigrationTargetStatus before,
            MigrationTargetStatus after,
            @Nullable Instant written,
            Instant now) {
        if (before == null || written == null) return true;
        if (before.observedGeneration() != after.observedGeneration()
                || !Objects.equals(before.conditions(), after.conditions())
                || !Objects.equals(before.ledger(), after.ledger())) return true;
        return !before.equals(after) && !written.plus(BETWEEN_COUNTS).isAfter(now);
    }

    /** The number of the status that counts a phase. */
    private static Column column(Phase phase) {
        return switch (phase) {
            case Applied -> Column.APPLIED;
            case Running, Held -> Column.RUNNING;
            case Waiting, Queued, Suspended -> Column.WAITING;
            case Planned -> Column.PLANNED;
            case Failed, Lost -> Column.FAILED;
        };
    }

    private static int count(List<Migration> migrations, Column column) {
        return (int) migrations.stream()
                .filter(migration -> column(phase(migration)) == column)
                .count();
    }

    private static List<String> queue(List<Migration> migrations) {
        return migrations.stream()
                .filter(migration -> phase(migration) == Phase.Queued)
                .limit(LONGEST_QUEUE)
                .map(Migration::reference)
                .toList();
    }

    /** A migration without a status counts as Waiting. */
    private static Phase phase(Migration migration) {
        var status = migration.status();
        return status == null || status.phase() == null ? Phase.Waiting : status.phase();
    }
}
