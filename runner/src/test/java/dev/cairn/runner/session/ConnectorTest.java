package dev.cairn.runner.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.plan.Reason;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.end.Stop;
import dev.cairn.runner.report.Tracker;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectorTest {
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    private Path secret;

    @AfterEach
    void close() {
        database.close();
    }

    private String setting(String name) throws SQLException {
        try (var connection = database.connector(secret, database::settings).connect()) {
            return setting(connection, name);
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (var rows = connection.createStatement().executeQuery("SELECT current_setting('" + name + "')")) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Test
    void theTimeZoneIsTheDatabasesNotTheOneOfThisProcess() throws SQLException {
        database.execute("ALTER DATABASE " + database.name() + " SET timezone = 'Africa/Nairobi'");
        assertThat(setting("TimeZone")).isEqualTo("Africa/Nairobi");
    }

    @Test
    void theRolesTimeZoneGoesBeforeTheDatabases() throws SQLException, IOException {
        var role = "role_" + database.name();
        database.execute(
                "CREATE ROLE " + role + " LOGIN PASSWORD 'x'",
                "ALTER DATABASE " + database.name() + " SET timezone = 'Africa/Nairobi'",
                "ALTER ROLE " + role + " SET timezone = 'Asia/Tokyo'");
        var connector = database.connector(secret, database::settings);
        Files.writeString(secret.resolve("username"), role);
        try (var connection = connector.connect()) {
            assertThat(setting(connection, "TimeZone")).isEqualTo("Asia/Tokyo");
        }
        database.execute("DROP ROLE " + role);
    }

    @Test
    void withoutEitherTheTimeZoneIsTheServers() throws SQLException {
        assertThat(setting("TimeZone")).isEqualTo(database.value("SELECT current_setting('log_timezone')"));
    }

    @Test
    void aSessionNamesItsMigrationAndHidesNoRows() throws SQLException {
        assertThat(setting("application_name")).isEqualTo("cairn test");
        assertThat(setting("row_security")).isEqualTo("off");
        assertThat(setting("client_connection_check_interval")).isEqualTo("5s");
    }

    @Test
    void aServerThatIsNotThereIsWaitedForThenNamed() throws IOException {
        // given a port where nobody listens
        database.connector(secret, database::settings);
        try (var socket = new ServerSocket(0)) {
            Files.writeString(secret.resolve("port"), String.valueOf(socket.getLocalPort()));
        }
        var progress = new Tracker();
        var connector = new Connector(secret, secret, database::settings, "cairn test");

        // when it is tried for half a second
        assertThatThrownBy(() -> new Reconnection(connector, progress, new Stop()).within(Duration.ofMillis(500)))
                // then the failure says so, and the progress said that it was tried again
                .isInstanceOfSatisfying(
                        MigrationFailure.class, e -> assertThat(e.reason()).isEqualTo(Reason.ConnectionLost))
                .hasMessageStartingWith("cannot connect to the target database: ")
                .hasMessageContaining("refused")
                .hasMessageEndingWith(
                        "come from Secret \"" + secretName() + "\" and from spec.connection of the target");
        assertThat(progress.progress().cause()).startsWith("no connection: ");
    }

    @Test
    void aDatabaseThatIsNotThereAndARoleThatIsNotAreToldAtOnce() throws IOException {
        for (var wrong : List.of("dbname", "username")) {
            var connector = database.connector(secret, database::settings);
            Files.writeString(secret.resolve(wrong), "nobody");
            assertThatThrownBy(() -> new Reconnection(connector, new Tracker(), new Stop()).within(Duration.ofHours(1)))
                    .isInstanceOfSatisfying(
                            MigrationFailure.class,
                            e -> assertThat(e.reason())
                                    .isEqualTo(wrong.equals("dbname") ? Reason.ConnectionLost : Reason.AccessDenied))
                    .hasMessageContaining("\"nobody\"")
                    .hasMessageContaining("Secret \"" + secretName() + "\"");
        }
    }

    private String secretName() {
        return database.settings().connection().secret();
    }
}
