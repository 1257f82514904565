package dev.cairn.operator.decide;

import dev.cairn.crds.MigrationStatus;
import dev.cairn.crds.Phase;
import java.util.Arrays;
import java.util.Optional;

/**
 * Why a migration is where it is: one word, the same in {@code status.reason} and in the conditions. Each belongs to one
 * phase. A dependent of a failed migration waits as {@link #DependencyNotReady}, so that it goes on by itself once the
 * dependency recovers.
 */
public enum StatusReason {
    /** Something in dependsOn is not Ready for its current generation. */
    DependencyNotReady(Phase.Waiting),
    /** Something in dependsOn, or a ConfigMap with steps, does not exist. */
    DependencyNotFound(Phase.Waiting),
    /** There is no MigrationTarget of that name. */
    TargetNotFound(Phase.Waiting),

    /** The target runs another migration of this kind first. */
    AnotherMigrationRuns(Phase.Queued),

    /** Its runner waits for a lock in the database. */
    LockWait(Phase.Held),

    /** Its runner waits until a signal of pace.holdWhile is back within its limit. */
    Throttled(Phase.Held),

    /** Its own spec says so. */
    Suspended(Phase.Suspended),
    /** Its target's spec says so. */
    TargetSuspended(Phase.Suspended),
    /** It has begun, and its target was created again with another place of the ledger. */
    TargetChanged(Phase.Suspended),

    /** Its Job exists; the runner has not begun to change anything. */
    Starting(Phase.Running),
    /** The runner works. */
    Running(Phase.Running),
    /** An attempt failed for a reason that may pass; the next one follows by itself. */
    Retrying(Phase.Running),
    /** The runner asks the verify query. */
    Verifying(Phase.Running),

    /** Its dry run is over. */
    DryRunComplete(Phase.Planned),

    /** This Job did it. */
    Applied(Phase.Applied),
    /** The database had it already. */
    AlreadyApplied(Phase.Applied),

    /** It was applied, and the database does not know it any more. */
    LedgerLost(Phase.Lost),

    /** PostgreSQL refused a statement. */
    SqlError(Phase.Failed),
    /** The verify query did not say true. */
    VerifyFailed(Phase.Failed),
    /** The database remembers another plan under this name. */
    ChecksumMismatch(Phase.Failed),
    /** Its container said that trying again would not help. */
    ContainerFailed(Phase.Failed),
    /** The plan cannot be carried out as it is written. */
    InvalidSpec(Phase.Failed),
    /** The database's ledger does not have a dependency as applied. */
    DependencyLost(Phase.Failed),
    /** Nothing can tell whether a statement, or a whole run, took effect. */
    OutcomeUnknown(Phase.Failed),
    /** It waits, through others, for itself. */
    DependencyCycle(Phase.Failed);

    private final Phase phase;

    StatusReason(Phase phase) {
        this.phase = phase;
    }

    /** The phase that it belongs to. */
    public Phase phase() {
        return phase;
    }

    /** The reason that a status has; empty where this version does not know it. */
    public static Optional<StatusReason> of(MigrationStatus status) {
        return Arrays.stream(values())
                .filter(reason -> reason.name().equals(status.reason()) && reason.phase() == status.phase())
                .findFirst();
    }
}
