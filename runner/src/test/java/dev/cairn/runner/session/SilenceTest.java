package dev.cairn.runner.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cairn.runner.Relay;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.session.SqlFailures.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who waits for a server asks a second connection whether it is at work. The times here are short. */
class SilenceTest {
    private static final Silence SHORT =
            new Silence(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofMillis(2500));
    private static final String AT_WORK =
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'" + " AND datname = current_database()";
    private static final String OURS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cairn test'"
            + " AND datname = current_database()";

    private final TestDatabase database = TestDatabase.create();
    private final Relay relay = new Relay(database.port());

    @TempDir
    private Path secret;

    private Connection connection;

    @BeforeEach
    void connect() throws SQLException, IOException {
        database.writeSecret(secret);
        Files.writeString(secret.resolve("port"), String.valueOf(relay.port()));
        connection = new Connector(secret, secret, database::settings, "cairn test", SHORT).connect();
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
        relay.close();
        database.close();
    }

    private CompletableFuture<Boolean> sleeping(double seconds) {
        var answer = CompletableFuture.supplyAsync(() -> {
            try (var statement = connection.createStatement()) {
                return statement.execute("SELECT pg_sleep(" + seconds + ")");
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
        await().until(() -> database.value(AT_WORK).equals("1") || answer.isDone());
        return answer;
    }

    private static void lost(CompletableFuture<Boolean> answer, String why) {
        assertThatThrownBy(answer::join).cause().isInstanceOfSatisfying(SQLException.class, e -> {
            assertThat(SqlFailures.kind(e)).isEqualTo(Kind.CONNECTION_LOST);
            assertThat(SqlFailures.text(e)).contains(why);
        });
    }

    @Test
    void aLongStatementThatIsAtWorkIsWaitedFor() {
        assertThat(sleeping(2).join()).isTrue();
        // and the second connection is gone with the silence
        await().until(() -> database.value(OURS).equals("1"));
    }

    @Test
    void aServerThatIsSilentOnEveryConnectionIsLost() {
        var answer = sleeping(3600);
        relay.drop();
        lost(answer, "the connection was cut: no sign of life from the server for ");
    }

    @Test
    void anAnswerThatWasLostIsNotWaitedFor() {
        var answer = sleeping(1);
        relay.loseAnswers();
        lost(answer, "so its answer was lost");
    }

    @Test
    void aSessionThatIsGoneIsNotWaitedFor() {
        var answer = sleeping(3600);
        relay.loseAnswers();
        database.value("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                + " AND datname = current_database()");
        lost(answer, "");
    }
}
