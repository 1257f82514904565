package dev.cairn.crds;

/** Where a migration is. The table in the documentation says which conditions and reasons go with each. */
public enum Phase {
    /** For something it depends on. */
    Waiting,
    /** For another migration on the same target. */
    Queued,
    /** For the database: a lock. */
    Held,
    /** Somebody suspended it or its target. */
    Suspended,
    /** Its Job runs. */
    Running,
    /** It was tried, and nothing was changed. */
    Planned,
    /** The ledger says that it is done. */
    Applied,
    /** It was done, and the ledger does not know it any more. */
    Lost,
    /** It cannot go on without a person. */
    Failed
}
