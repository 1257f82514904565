package dev.cairn.runner.schema;

import dev.cairn.plan.Backoff;
import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Log;
import dev.cairn.runner.run.Run;
import dev.cairn.runner.session.SqlFailures;
import dev.cairn.runner.sql.Statement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a part in its own session. It retries for {@code locks.retryFor} while a lock is not available. */
final class LockRetry {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Run run;
    private final LockWaitMonitor monitor;
    private final StepSessions sessions;

    LockRetry(Run run, LockWaitMonitor monitor, StepSessions sessions) {
        this.run = run;
        this.monitor = monitor;
        this.sessions = sessions;
    }

    /** The work of a part in its session. */
    @FunctionalInterface
    interface Effort {
        void in(Session session) throws SQLException;
    }

    /**
     * @param effort must be safe to repeat: it starts again after a time-out or a deadlock
     * @throws MigrationFailure when the time is over, or when a retry cannot succeed
     * @throws SQLException if the connection was lost: the ledger says what was committed
     */
    void run(String name, List<Statement> settings, Effort effort) throws SQLException {
        long began = System.nanoTime();
        String blocker = null;
        for (int tries = 1; ; tries++) {
            try {
                once(name, settings, effort);
                return;
            } catch (SQLException e) {
                run.stop().check();
                monitor.check();
                var seen = monitor.end();
                blocker = seen == null ? blocker : seen;
                var cause = blocker == null ? name + ": " + SqlFailures.text(e) : blocker + tooLong(e);
                waitAfter(name, e, cause, tries, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            }
        }
    }

    private void once(String name, List<Statement> settings, Effort effort) throws SQLException {
        monitor.check();
        try (var session = sessions.open(settings)) {
            monitor.over(session, name);
            try {
                effort.in(session);
            } catch (SQLException e) {
                throw session.lockBudget().named(e);
            }
            monitor.end();
        }
    }

    private void waitAfter(String name, SQLException e, String cause, int tries, long waitedMillis)
            throws SQLException {
        switch (SqlFailures.kind(e)) {
            case REPEAT -> {
                if (waitedMillis >= locks().retryForMillis()) throw gaveUp(cause, waitedMillis, e);
                Log.info(cause + "; tries again");
                run.progress().activity(Activity.Waiting, cause);
                run.stop().pause(pause(tries));
            }
            case CONNECTION_LOST -> throw e;
            case SERVER_FAULT, ACCESS_DENIED, CANCELLED, PERMANENT -> throw SqlFailures.failure(name, e);
        }
    }

    private static String nextStep(SQLException e) {
        return e instanceof LockBudget.KeptOthersWaiting
                ? ". Statements that lock different tables can be steps of their own"
                : "";
    }

    /** For a step that waits for several locks: all waits together took too long. */
    private static String tooLong(SQLException e) {
        return e instanceof LockBudget.KeptOthersWaiting ? ". It was rolled back: " + e.getMessage() : "";
    }

    private MigrationFailure gaveUp(String cause, long waitedMillis, SQLException e) {
        return new MigrationFailure(
                Reason.LockTimeout,
                cause + ". It gave up after " + waitedMillis / 1000 + " s of tries (locks.retryFor); the Job begins the"
                        + " next attempt after a pause. End the transaction that holds the lock, or wait for a quieter"
                        + " time" + nextStep(e),
                e.getSQLState(),
                SqlFailures.hint(e),
                e);
    }

    /** The first pause is about as long as the wait for the lock. So other sessions can work half of the time. */
    private Duration pause(int tries) {
        var backoff = new Backoff(Duration.ofMillis(locks().timeoutMillis()), LONGEST_PAUSE);
        return Backoff.jittered(backoff.after(tries));
    }

    private Settings.Locks locks() {
        return run.settings().get().locks();
    }
}
