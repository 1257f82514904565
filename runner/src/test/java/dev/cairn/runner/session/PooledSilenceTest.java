package dev.cairn.runner.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.runner.PgBouncer;
import dev.cairn.runner.Relay;
import dev.cairn.runner.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Through PgBouncer, where a second connection may have to wait although the server is well. */
class PooledSilenceTest {
    private static final String HELD = """
        SELECT 'locks: ' || (SELECT count(*) FROM pg_locks l WHERE l.pid = a.pid AND l.relation IS NOT NULL)
               || ', snapshot: ' || (a.backend_xmin IS NOT NULL)
          FROM pg_stat_activity a
         WHERE a.application_name = 'cairn test' AND a.state = 'idle in transaction' AND a.query LIKE 'SELECT%'
           AND a.datname = current_database()
        """;

    /** A pool that stays full is believed for as long as a test takes. */
    private static final Silence PATIENT = new Silence(
            SilenceTest.SHORT.look(), SilenceTest.SHORT.answer(), SilenceTest.SHORT.doubt(), Duration.ofHours(1));

    private TestDatabase database;

    @TempDir
    private Path secret;

    @BeforeEach
    void create() {
        assumeTrue(PgBouncer.isInstalled(), "install pgbouncer (on Debian: apt-get install pgbouncer)");
        database = TestDatabase.create();
    }

    @AfterEach
    void close() {
        if (database != null) database.close();
    }

    private LongStatement sleeping(int port, double seconds) throws IOException, SQLException {
        return sleeping(port, seconds, SilenceTest.SHORT);
    }

    private LongStatement sleeping(int port, double seconds, Silence silence) throws IOException, SQLException {
        database.writeSecret(secret);
        Files.writeString(secret.resolve("port"), String.valueOf(port));
        var connector = new Connector(secret, secret, database::settings, "cairn test", silence);
        return LongStatement.start(database, connector, seconds);
    }

    @Test
    void aStatementThatHasTheLastSessionOfThePoolIsWaitedFor() throws Exception {
        try (var pool = PgBouncer.start(database, "session", 1);
                var statement = sleeping(pool.port(), 6, PATIENT)) {
            statement.succeeds();
        }
    }

    @Test
    void aStatementBehindAPoolThatTakesNoMoreClientsIsWaitedFor() throws Exception {
        try (var pool = PgBouncer.start(database, "session", 5, "max_client_conn = 1");
                var statement = sleeping(pool.port(), 6, PATIENT)) {
            statement.succeeds();
        }
    }

    @Test
    void aStatementBehindAPoolWhoseTransactionsAreAllTakenIsWaitedFor() throws Exception {
        try (var pool = PgBouncer.start(database, "transaction", 2);
                var application = pool.connect()) {
            application.setAutoCommit(false);
            application.createStatement().execute("SELECT");
            try (var statement = sleeping(pool.port(), 6, PATIENT)) {
                statement.succeeds();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"session", "transaction"})
    void aLongStatementIsWaitedFor(String mode) throws Exception {
        try (var pool = PgBouncer.start(database, mode, 2);
                var statement = sleeping(pool.port(), 8)) {
            // The second connection's transaction keeps nobody waiting, and no old row.
            await().until(() -> database.query(HELD), held -> held.equals(List.of("locks: 0, snapshot: false")));
            statement.succeeds();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"session", "transaction"})
    void aPoolThatIsSilentIsLost(String mode) throws Exception {
        try (var pool = PgBouncer.start(database, mode, 5);
                var relay = new Relay(pool.port());
                var statement = sleeping(relay.port(), 3600)) {
            relay.drop();
            statement.isLost("no sign of life from the server for ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"session", "transaction"})
    void aServerThatFallsSilentBehindItsPoolIsLost(String mode) throws Exception {
        // given a statement, and the session that shows that its server is there
        try (var relay = new Relay(database.port());
                var pool = PgBouncer.start(database.on(relay.port()), mode, 5);
                var statement = sleeping(pool.port(), 3600)) {
            await().until(() -> !database.query(HELD).isEmpty());

            // when the server falls silent and the pool does not notice
            relay.drop();

            // then it is lost
            statement.isLost("the pool answers, but not the server behind it");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"session", "transaction"})
    void aSilentServerBehindAFullPoolIsLostAfterALongerTime(String mode) throws Exception {
        // given a statement that has the pool's only session, so that nobody can ask its server
        try (var relay = new Relay(database.port());
                var pool = PgBouncer.start(database.on(relay.port()), mode, 1);
                var statement = sleeping(pool.port(), 3600)) {

            // when the server falls silent and the pool does not notice
            relay.drop();

            // then it is lost, with the cause and the next step
            statement.isLost("the pool had no session for the question whether its server is at work");
        }
    }
}
