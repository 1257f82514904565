package dev.cairn.crds;

/**
 * The phase of a migration. docs/reference/status.md has the conditions and reasons of each. The methods are exhaustive,
 * so a new phase does not compile before each has its answer.
 */
public enum Phase {
    /** It waits for something that it depends on. */
    Waiting,
    /** It waits for another migration on the same target. */
    Queued,
    /** It waits for the database, such as a lock. */
    Held,
    /** Somebody suspended it or its target. */
    Suspended,
    /** Its Job runs. */
    Running,
    /** Its dry run is done: nothing was changed. */
    Planned,
    /** The ledger says that it is done. */
    Applied,
    /** It was applied, and the ledger no longer has it. */
    Lost,
    /** It failed: a person must act. */
    Failed;

    /** Whether a migration may be in this phase before its first Job. */
    public boolean mayPrecedeItsJob() {
        return switch (this) {
            case Waiting, Queued, Suspended -> true;
            case Held, Running, Planned, Applied, Lost, Failed -> false;
        };
    }

    /** Whether its Job has done its work, so that the next migration of the target may start. */
    public boolean freesItsTarget() {
        return switch (this) {
            case Planned, Applied, Lost, Failed -> true;
            case Waiting, Queued, Held, Suspended, Running -> false;
        };
    }

    /** Whether a person must act before it can go on. */
    public boolean needsAPerson() {
        return switch (this) {
            case Lost, Failed -> true;
            case Waiting, Queued, Held, Suspended, Running, Planned, Applied -> false;
        };
    }
}
