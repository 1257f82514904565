package dev.cairn.operator.report;

import dev.cairn.crds.Migration;
import dev.cairn.crds.MigrationTarget;
import dev.cairn.crds.MigrationTargetStatus;
import dev.cairn.crds.Phase;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Makes the status of a target from its migrations. */
public final class TargetReport {
    private static final int LONGEST_QUEUE = 100;

    private TargetReport() {}

    /** @param migrations those of both kinds that name the target, in the order of their turn */
    public static MigrationTargetStatus status(MigrationTarget target, List<Migration> migrations, Instant now) {
        var before = target.getStatus();
        boolean suspended = target.getSpec().suspend();
        var name = "MigrationTarget/" + target.getMetadata().getName();
        var generation = target.getMetadata().getGeneration();
        var ready = Conditions.condition(
                "Ready",
                !suspended,
                suspended ? "Suspended" : "Accepting",
                suspended
                        ? name + " is suspended: set spec.suspend to false to let its migrations go on."
                        : name + " accepts migrations; whether its database can be reached is told by those that run.",
                generation,
                before == null ? null : before.conditions(),
                now);
        return new MigrationTargetStatus(
                generation,
                List.of(ready),
                count(migrations, EnumSet.of(Phase.Applied)),
                count(migrations, EnumSet.of(Phase.Running, Phase.Held)),
                count(migrations, EnumSet.of(Phase.Waiting, Phase.Queued, Phase.Suspended)),
                count(migrations, EnumSet.of(Phase.Planned)),
                count(migrations, EnumSet.of(Phase.Failed)),
                queue(migrations));
    }

    private static int count(List<Migration> migrations, Set<Phase> phases) {
        return (int) migrations.stream()
                .filter(migration -> phases.contains(phase(migration)))
                .count();
    }

    private static List<String> queue(List<Migration> migrations) {
        return migrations.stream()
                .filter(migration -> phase(migration) == Phase.Queued)
                .limit(LONGEST_QUEUE)
                .map(Migration::reference)
                .toList();
    }

    /** A migration that nobody has looked at yet waits. */
    private static Phase phase(Migration migration) {
        var status = migration.status();
        return status == null || status.phase() == null ? Phase.Waiting : status.phase();
    }
}
