package dev.cairn.plan;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/** Why a run of the runner ended, or why it waits. The names of permanent failures are condition reasons. */
public enum Reason {
    /** This run did the work. */
    Applied(ExitCode.DONE),
    /** The ledger already had it as applied; nothing was written. */
    AlreadyApplied(ExitCode.DONE),
    /** The dry run is done: nothing was written, and the outcome has a {@link Forecast}. */
    DryRunComplete(ExitCode.DONE),

    /** PostgreSQL refused a statement, and would refuse it again. */
    SqlError(ExitCode.PERMANENT),
    /** The verify query returned something other than true. */
    VerifyFailed(ExitCode.PERMANENT),
    /** The ledger holds another plan (or another step) under this name. */
    ChecksumMismatch(ExitCode.PERMANENT),
    /** The plan cannot be carried out as it is written: no such table, no usable key, a statement Cairn refuses. */
    InvalidSpec(ExitCode.PERMANENT),
    /** The exit code of the user's container means a permanent failure. */
    ContainerFailed(ExitCode.PERMANENT),
    /** The ledger does not have a dependency as applied: the database is a restored copy, or another one. */
    DependencyLost(ExitCode.PERMANENT),
    /** A statement that runs outside a transaction was interrupted, and its effect is unknown. */
    OutcomeUnknown(ExitCode.PERMANENT),

    /** A file or a key of the target's Secret is missing or unreadable. */
    CredentialsMissing(ExitCode.TRY_AGAIN),
    /** The server refused the credentials, or a right is missing. */
    AccessDenied(ExitCode.TRY_AGAIN),
    /** There was no connection, or it was lost and could not be restored in time. */
    ConnectionLost(ExitCode.TRY_AGAIN),
    /** A lock was not available within {@code locks.retryFor}. */
    LockTimeout(ExitCode.TRY_AGAIN),
    /** Another migration of the scope holds the ledger's lock. */
    AnotherMigrationRuns(ExitCode.TRY_AGAIN),
    /** A later start of the same migration took over. */
    Fenced(ExitCode.TRY_AGAIN),
    /** The user's container ended with any other exit code but 0. */
    ContainerCrashed(ExitCode.TRY_AGAIN),
    /** The server is short of something: disk, memory, connections. */
    ServerFault(ExitCode.TRY_AGAIN),
    /**
     * A defect of Cairn: the log has the stack trace. Also a reason of a newer runner that this version does not know.
     * Then the exit code says whether to try again.
     */
    @JsonEnumDefaultValue
    InternalError(ExitCode.TRY_AGAIN),

    /** SIGTERM: the checkpoint is saved. */
    Stopped(ExitCode.STOPPED);

    private final ExitCode exitCode;

    Reason(ExitCode exitCode) {
        this.exitCode = exitCode;
    }

    /** The exit status of a process that ends for this reason. */
    public ExitCode exitCode() {
        return exitCode;
    }
}
