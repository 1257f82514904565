package dev.cairn.crds;

/** The phase of a migration. docs/reference/status.md has the conditions and reasons of each. */
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
    Failed
}
