package dev.cairn.plan;

import java.time.Duration;

/** The time that a Job's pod has for its end. The operator sets the first, and the runner ends within the others. */
public final class GracePeriod {
    /** From SIGTERM to SIGKILL. */
    public static final Duration OF_POD = Duration.ofSeconds(30);

    /**
     * The part that the launcher gives a user's program. A runner beside the program gets its SIGTERM after that. The
     * launcher has its own constant.
     */
    public static final Duration OF_PROGRAM = Duration.ofSeconds(20);

    /** The runner ends its process this long after SIGTERM. The margin is for the termination message. */
    public static final Duration OF_RUNNER = OF_POD.minus(OF_PROGRAM).minusSeconds(2);

    /** The runner cancels its running batch this long after SIGTERM. The rest is for the server's answer. */
    public static final Duration OF_BATCH = OF_RUNNER.minusSeconds(3);

    private GracePeriod() {}
}
