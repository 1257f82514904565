package dev.cairn.runner.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Settings;
import dev.cairn.runner.Relay;
import dev.cairn.runner.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who waits for a server asks a second connection whether it is at work. The times here are short. */
class SilenceTest {
    /** Shorter than the usual one, in about the same proportions; the driver counts an answer's time in seconds. */
    static final Silence SHORT =
            new Silence(Duration.ofMillis(1500), Duration.ofSeconds(1), Duration.ofMillis(2250), Duration.ofSeconds(4));

    static final String OURS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cairn test'"
            + " AND datname = current_database()";

    private final TestDatabase database = create();
    private final Relay relay = new Relay(database.port());

    @TempDir
    private Path secret;

    private Connector connector;

    TestDatabase create() {
        return TestDatabase.create();
    }

    String sslMode() {
        return "disable";
    }

    @BeforeEach
    void target() throws IOException {
        database.writeSecret(secret);
        Files.writeString(secret.resolve("port"), String.valueOf(relay.port()));
        var plain = database.settings();
        var connection = new Settings.Connection("test-db", null, null, null, sslMode(), null, "cairn");
        var settings = new Settings(connection, plain.locks(), plain.pace());
        connector = new Connector(secret, secret, () -> settings, "cairn test", SHORT);
    }

    @AfterEach
    void close() throws Exception {
        relay.close();
        database.close();
    }

    private LongStatement sleeping(double seconds) throws SQLException {
        return LongStatement.start(database, connector, seconds);
    }

    @Test
    void aLongStatementThatIsAtWorkIsWaitedFor() throws SQLException {
        try (var statement = sleeping(6)) {
            statement.succeeds();
            // and the second connection is gone with the silence
            await().until(() -> database.value(OURS).equals("1"));
        }
    }

    @Test
    void aServerThatIsSilentOnEveryConnectionIsLost() throws SQLException {
        try (var statement = sleeping(3600)) {
            relay.drop();
            statement.isLost("the connection was cut: no sign of life from the server for ");
        }
    }

    @Test
    void oneQuestionServesAllSessionsThatAreSilent() throws SQLException {
        // given the sessions of sixteen workers
        var statements = new ArrayList<LongStatement>();
        for (int n = 0; n < 16; n++) statements.add(sleeping(3600));
        int before = relay.connections();

        // when the server falls silent
        relay.drop();

        // then each of them fails, and it took fewer connections than would take a question for each
        for (var statement : statements) statement.isLost("no sign of life from the server for ");
        assertThat(relay.connections() - before).isBetween(1, 15);
        for (var statement : statements) statement.close();
    }

    @Test
    void anAnswerThatWasLostIsNotWaitedFor() throws SQLException {
        try (var statement = sleeping(1)) {
            relay.loseAnswers();
            statement.isLost("so its answer was lost");
        }
    }

    @Test
    void aSessionThatIsGoneIsNotWaitedFor() throws SQLException {
        try (var statement = sleeping(3600)) {
            relay.loseAnswers();
            database.value("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                    + " AND datname = current_database()");
            statement.isLost("");
        }
    }

    @Test
    void aServerThatTakesLongToApplyTheSettingsIsWaitedFor() throws SQLException {
        // given a catalogue that somebody has locked
        try (var gate = database.connect()) {
            gate.createStatement().execute("SET allow_system_table_mods = on");
            gate.setAutoCommit(false);
            gate.createStatement().execute("ALTER VIEW pg_catalog.pg_roles SET (security_barrier = true)");

            // when a session is set up
            var session = CompletableFuture.supplyAsync(this::connect);

            // then the second connection is asked about it, and it goes on
            await().until(() -> database.value(OURS).equals("2") || session.isDone());
            gate.rollback();
            session.join().close();
        }
    }

    @Test
    void aRoleThatMayHaveNoSecondConnectionIsWaitedFor() throws Exception {
        // given a server that refuses a second connection
        var role = "one_" + database.name();
        database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'p' CONNECTION LIMIT 1");
        Files.writeString(secret.resolve("username"), role);
        Files.writeString(secret.resolve("password"), "p");

        // then a statement that is at work there is waited for
        try (var statement = sleeping(6)) {
            statement.succeeds();
        }
        await().until(() -> database.value(OURS).equals("0"));
        database.execute("DROP ROLE " + role);
    }

    private Connection connect() {
        try {
            return connector.connect();
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }
}
