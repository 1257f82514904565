package dev.cairn.runner.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cairn.plan.Reason;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Tracker;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadOnlyTest {
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    private Path secret;

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aDatabaseThatStaysReadOnlyEndsTheRunWithItsCauseAndTheNextStep() {
        TestDatabase.server(database)
                .execute("ALTER DATABASE " + database.name() + " SET default_transaction_read_only = on");
        var connector = database.connector(secret, database::settings);

        var failure = catchThrowableOfType(
                MigrationFailure.class,
                () -> new Reconnection(connector, new Tracker(), TestDatabase.never()).within(Duration.ZERO));

        assertThat(failure.reason()).isEqualTo(Reason.ConnectionLost);
        assertThat(failure)
                .hasMessage(
                        "the target database takes no changes: default_transaction_read_only is on (set for: database)."
                                + " Find out why, since some providers set it when the disk is full; then reset it with"
                                + " ALTER DATABASE or ALTER ROLE … RESET default_transaction_read_only");
    }

    @Test
    void whatOnlyReadsIsConnectedAllTheSame() throws Exception {
        TestDatabase.server(database)
                .execute("ALTER DATABASE " + database.name() + " SET default_transaction_read_only = on");
        var connector = database.connector(secret, database::settings);

        try (var connection = Reconnection.toRead(connector, new Tracker(), TestDatabase.never())
                .within(Duration.ZERO)) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }
}
