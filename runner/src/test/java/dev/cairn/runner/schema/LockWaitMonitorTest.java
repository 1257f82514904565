package dev.cairn.runner.schema;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Tracker;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LockWaitMonitorTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private Session session;

    @BeforeEach
    void openASession() throws Exception {
        session = new StepSessions(new Migrations(database).run("m", "SELECT 1")).open(List.of());
    }

    @AfterEach
    void closeTheSession() throws Exception {
        session.close();
    }

    @Test
    void aLostLockCutsTheWorkOff() throws Exception {
        // given a session at work, watched from the connection that holds the lock
        var lock = database.connect();
        try (var monitor = new LockWaitMonitor(lock, new Tracker())) {
            monitor.begin();
            monitor.over(session, "step 1");

            // when that connection dies
            database.query("SELECT pg_terminate_backend(" + StepConnection.pid(lock) + ")");

            // then the session is cut, and the work cannot go on
            await().until(() -> session.connection().isClosed());
            assertThatThrownBy(monitor::check).isInstanceOf(SQLException.class).hasMessageContaining("lock is gone");
        }
    }

    @Test
    void oneSessionBehindBothConnectionsIsRefused() throws Exception {
        // what a proxy that pools transactions makes of two connections
        try (var monitor = new LockWaitMonitor(session.connection(), new Tracker())) {
            monitor.begin();
            assertThatThrownBy(() -> monitor.over(session, "step 1"))
                    .isInstanceOf(MigrationFailure.class)
                    .hasMessageContaining("pools transactions");
        }
    }
}
