package dev.cairn.operator.decide;

import dev.cairn.crds.MigrationStatus;
import dev.cairn.crds.Phase;
import java.util.Arrays;
import java.util.Optional;

/**
 * Why a migration is in its phase: one word, the same in {@code status.reason} and in the conditions. Each reason
 * belongs to one phase. A dependent of a failed migration waits as {@link #DependencyNotReady}, so that it continues by
 * itself after the dependency recovers.
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

    /** Its own spec suspends it. */
    Suspended(Phase.Suspended),
    /** Its target's spec suspends it. */
    TargetSuspended(Phase.Suspended),
    /** It has begun, and its target was created again with another place of the ledger. */
    TargetChanged(Phase.Suspended),

    /** Its Job exists; the runner has not changed anything yet. */
    Starting(Phase.Running),
    /** The runner works. */
    Running(Phase.Running),
    /** An attempt failed for a temporary reason. The next one follows by itself. */
    Retrying(Phase.Running),
    /** The runner runs the verify query. */
    Verifying(Phase.Running),

    /** Its dry run is over. */
    DryRunComplete(Phase.Planned),

    /** This Job did it. */
    Applied(Phase.Applied),
    /** The database already had it. */
    AlreadyApplied(Phase.Applied),

    /** It was applied, but the database no longer has it. */
    LedgerLost(Phase.Lost),

    /** PostgreSQL refused a statement. */
    SqlError(Phase.Failed),
    /** The verify query did not return true. */
    VerifyFailed(Phase.Failed),
    /** The ledger has another plan under this name. */
    ChecksumMismatch(Phase.Failed),
    /** The exit code of its container means a permanent failure. */
    ContainerFailed(Phase.Failed),
    /** The plan cannot run as it is written. */
    InvalidSpec(Phase.Failed),
    /** The database's ledger does not have a dependency as applied. */
    DependencyLost(Phase.Failed),
    /** It is unknown whether a statement, or a whole run, took effect. */
    OutcomeUnknown(Phase.Failed),
    /** It waits for itself, through others. */
    DependencyCycle(Phase.Failed);

    private final Phase phase;

    StatusReason(Phase phase) {
        this.phase = phase;
    }

    /** Its phase. */
    public Phase phase() {
        return phase;
    }

    /** The reason of a status; empty where this version does not know it. */
    public static Optional<StatusReason> of(MigrationStatus status) {
        return Arrays.stream(values())
                .filter(reason -> reason.name().equals(status.reason()) && reason.phase() == status.phase())
                .findFirst();
    }
}
