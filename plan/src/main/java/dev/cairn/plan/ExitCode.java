package dev.cairn.plan;

/** The exit status of the runner, for the Job controller. */
public enum ExitCode {
    /** Done, now or before. */
    DONE(0),
    /** The migration itself is wrong: no retry. EX_DATAERR of sysexits.h. */
    PERMANENT(65),
    /** Something outside the migration failed: the Job tries again. EX_TEMPFAIL of sysexits.h. */
    TRY_AGAIN(75),
    /** Stopped by SIGTERM with everything saved: 128 + 15. */
    STOPPED(143);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** The process's exit status. */
    public int code() {
        return code;
    }
}
