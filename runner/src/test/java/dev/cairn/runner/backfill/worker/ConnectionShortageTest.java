package dev.cairn.runner.backfill.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.end.Stop;
import dev.cairn.runner.report.Tracker;
import dev.cairn.runner.session.Reconnection;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Fewer connections than workers, on a clock of its own. */
class ConnectionShortageTest {
    private final SQLException full = new SQLException("sorry, too many clients already", "53300");

    private long now = 77_000_000_000L;
    private final Tracker progress = new Tracker();
    private final ConnectionShortage shortage;

    ConnectionShortageTest() {
        try (var database = TestDatabase.create()) {
            var connector = database.connector(Path.of("target", "shortage-secret"), database::settings);
            shortage = new ConnectionShortage(new Reconnection(connector, progress, new Stop()), progress, () -> now);
        }
        progress.activity(Activity.Running);
    }

    @Test
    void anotherConnectionIsTriedForNowAndThenAndLessAndLessOften() {
        assertThat(shortage.mayTry()).isTrue();
        shortage.refused(full, 1, 3);
        shortage.refused(full, 1, 3);
        assertThat(shortage.mayTry()).isFalse();
        pass(Duration.ofMillis(250));
        assertThat(shortage.mayTry()).isTrue();

        for (int n = 0; n < 20; n++) {
            shortage.refused(full, 1, 3);
            pass(Duration.ofSeconds(30));
            assertThat(shortage.mayTry()).isTrue();
        }
        shortage.refused(full, 1, 3);
        pass(Duration.ofSeconds(29));
        assertThat(shortage.mayTry()).isFalse();
        assertThat(progress.progress().cause())
                .isEqualTo(
                        "1 of 3 workers have a connection: sorry, too many clients already; next attempt in 30000 ms");
    }

    @Test
    void whileOneWorkerHasAConnectionTheWalkDoesNotEnd() {
        shortage.refused(full, 1, 3);
        for (int n = 0; n < 100; n++) {
            pass(Duration.ofMinutes(4));
            shortage.check(1, 3);
        }
        pass(Duration.ofMinutes(4));
        shortage.check(0, 3);
        pass(Duration.ofMinutes(2));
        assertThatThrownBy(() -> shortage.check(0, 3))
                .isInstanceOf(MigrationFailure.class)
                .hasMessageContaining("too many clients already");
    }

    @Test
    void whatIsNotWantedAnyMoreIsNotMissing() {
        shortage.refused(full, 2, 3);
        assertThat(progress.progress().cause()).startsWith("2 of 3 workers");
        shortage.check(2, 2);
        assertThat(progress.progress().cause()).isNull();
        assertThat(shortage.mayTry()).isTrue();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
