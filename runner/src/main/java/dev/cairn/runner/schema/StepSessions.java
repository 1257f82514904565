package dev.cairn.runner.schema;

import dev.cairn.runner.run.Run;
import dev.cairn.runner.sql.Statement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens sessions for parts, one at a time. A login takes longer than most steps. So the sessions share one connection,
 * which is reset between them. After a part that fails, or that may leave what no reset undoes, the connection is
 * closed. Not thread-safe.
 */
final class StepSessions implements AutoCloseable {
    private final Run run;
    private @Nullable StepConnection kept;

    StepSessions(Run run) {
        this.run = run;
    }

    /**
     * Opens a session. The previous session must be closed.
     *
     * @param settings SET statements for the whole session
     * @throws dev.cairn.runner.end.MigrationFailure if the run was asked to stop
     */
    Session open(List<Statement> settings) throws SQLException {
        run.stop().check();
        var budget = new LockBudget(() -> run.settings().get().locks().timeoutMillis());
        long lockTimeout = budget.leftMillis();
        var reset = takeReset(lockTimeout);
        var connection = reset == null ? StepConnection.open(run.connector(), lockTimeout) : reset;
        var session = new Session(connection, reset == null, lockTimeout, run.stop(), budget, this::takeBack);
        try {
            for (var setting : settings) session.execute(setting.sent());
            if (!settings.isEmpty()) session.limitAgain();
            return session;
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private @Nullable StepConnection takeReset(long lockTimeoutMillis) {
        var connection = kept;
        kept = null;
        return connection != null && connection.reset(lockTimeoutMillis) ? connection : null;
    }

    private void takeBack(StepConnection connection, boolean isKept) throws SQLException {
        if (isKept && connection.isResettable()) kept = connection;
        else connection.close();
    }

    @Override
    public void close() throws SQLException {
        if (kept != null) kept.close();
        kept = null;
    }
}
