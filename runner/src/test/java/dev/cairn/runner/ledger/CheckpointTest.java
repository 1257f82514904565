package dev.cairn.runner.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Checksum;
import dev.cairn.plan.Identity;
import dev.cairn.plan.MigrationKind;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The function that containers call, as they call it: with texts, in their own transactions. */
class CheckpointTest {
    private static final String NAME = "chat/DataMigration/mood";

    private final TestDatabase database = TestDatabase.create();
    private final Ledger ledger = new Ledger(
            "Cairn's", new Identity("chat", MigrationKind.DataMigration, "mood"), new WorkerPod("pod-1", "runner:1"));
    private Connection connection;
    private UUID token;

    @BeforeEach
    void begin() throws SQLException {
        connection = database.connect();
        ledger.install(connection);
        token = start();
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        database.close();
    }

    @Test
    void itMovesFromPlaceToPlaceAndCountsWhatWasDone() throws SQLException {
        checkpoint(connection, token, null, "7", 5, 100L);
        checkpoint(connection, token, "7", "9", 2, null);
        var row = ledger.checkpoints().read(connection).orElseThrow();
        assertThat(List.of(row.cursor(), row.rows(), row.estimatedRows(), row.commits()))
                .containsExactly("9", 7L, 100L, 2L);
        assertThat(row.committedAtMillis()).isPositive();
    }

    @Test
    void fourArgumentsAreEnoughAndTheEmptyTextIsTheBeginning() throws SQLException {
        connection
                .createStatement()
                .execute("SELECT \"Cairn's\".checkpoint('%s', '%s', '', '{\"page\": 1}')".formatted(NAME, token));
        assertThat(ledger.checkpoints().read(connection).orElseThrow().cursor()).isEqualTo("{\"page\": 1}");
    }

    @Test
    void whoeverWasSomewhereElseIsRefusedAndToldWhereItIs() throws SQLException {
        checkpoint(connection, token, null, "7", 5, null);
        refused(() -> checkpoint(connection, token, null, "7", 5, null), "MC002", "It is at \"7\", not at \"\".");
        refused(() -> checkpoint(connection, token, "6", "8", 5, null), "MC002", "not at \"6\"");
    }

    @Test
    void anEarlierStartIsRefusedAndSoIsOneAfterTheEnd() throws SQLException {
        var later = start();
        refused(
                () -> checkpoint(connection, token, null, "7", 5, null),
                "MC001",
                "another start has taken over chat/DataMigration/mood");
        Transaction.run(connection, c -> {
            ledger.checkpoints().close(c);
            ledger.migrations().applied(c, later);
        });
        refused(() -> checkpoint(connection, later, null, "7", 5, null), "MC001", "or it is over");
    }

    @Test
    void whatIsNotAPlaceIsRefused() {
        refused(() -> checkpoint(connection, token, null, "", 5, null), "22023", "cursor: ");
        refused(() -> checkpoint(connection, token, null, null, 5, null), "22023", "cursor: ");
        refused(() -> checkpoint(connection, token, null, "7", -5, null), "22023", "rows, estimated_rows: 0 or more");
    }

    @Test
    void itGoesWithTheTransactionThatCalledIt() throws SQLException {
        connection.setAutoCommit(false);
        checkpoint(connection, token, null, "7", 5, null);
        connection.rollback();
        checkpoint(connection, token, null, "8", 5, null);
        connection.commit();
        connection.setAutoCommit(true);
        assertThat(ledger.checkpoints().read(connection).orElseThrow().cursor()).isEqualTo("8");
    }

    @Test
    void aRoleWithoutRightsOnTheTablesMayCallItAndNothingElse() throws SQLException {
        var role = "r_" + database.name();
        database.execute("CREATE ROLE " + role, "GRANT USAGE ON SCHEMA \"Cairn's\" TO " + role);
        try (var application = database.connect()) {
            // with names of its own before the catalogue's, which must not be found
            application.createStatement().execute("CREATE SCHEMA trap");
            application.createStatement().execute("""
                    CREATE FUNCTION trap.split_part(text, text, int) RETURNS text LANGUAGE sql AS 'SELECT NULL::text'
                    """);
            application.createStatement().execute("GRANT USAGE ON SCHEMA trap TO " + role);
            application.createStatement().execute("SET search_path = trap, pg_catalog");
            application.createStatement().execute("SET ROLE " + role);
            checkpoint(application, token, null, "7", 5, null);
            assertThatThrownBy(() -> application.createStatement().execute("SELECT token FROM \"Cairn's\".checkpoint"))
                    .hasMessageContaining("permission denied");
        }
        assertThat(ledger.checkpoints().read(connection).orElseThrow().cursor()).isEqualTo("7");
        database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }

    @Test
    void ofManyWhoMoveItFromOnePlaceOneDoes() throws Exception {
        var outcomes = new ArrayList<String>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            var calls = new ArrayList<Callable<String>>();
            for (int n = 0; n < 8; n++) calls.add(() -> outcome("7"));
            for (var outcome : threads.invokeAll(calls)) outcomes.add(outcome.get());
        }
        assertThat(outcomes)
                .containsOnlyOnce("done")
                .filteredOn("MC002"::equals)
                .hasSize(7);
        assertThat(ledger.checkpoints().read(connection).orElseThrow().rows()).isEqualTo(1);
    }

    @Test
    void aStartWaitsForATransactionThatHasMovedItAndGoesOnFromThere() throws Exception {
        try (var container = database.connect();
                var threads = Executors.newSingleThreadExecutor()) {
            // given a container of an earlier start, one statement before its COMMIT
            container.setAutoCommit(false);
            checkpoint(container, token, null, "7", 5, null);

            // when another start takes over
            var later = threads.submit(this::start);
            await().until(() ->
                    database.query("SELECT 1 FROM pg_locks WHERE NOT granted").size() > 0);

            // then it begins after the commit, where that ended
            assertThat(later.isDone()).isFalse();
            container.commit();
            later.get();
            assertThat(ledger.checkpoints().read(connection).orElseThrow().cursor())
                    .isEqualTo("7");
            refused(() -> checkpoint(container, token, "7", "8", 5, null), "MC001", "another start");
        }
    }

    private String outcome(String cursor) {
        try (var mine = database.connect()) {
            checkpoint(mine, token, null, cursor, 1, null);
            return "done";
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    private UUID start() throws SQLException {
        return Transaction.in(connection, c -> {
            ledger.migrations().lock(c, new Checksum("sha256:a1", "sha256:a2", "sha256:content", null));
            var drawn = ledger.migrations().begin(c, new Checksum("sha256:a1", "sha256:a2", "sha256:content", null));
            ledger.checkpoints().open(c, drawn);
            return drawn;
        });
    }

    private static void checkpoint(
            Connection connection, UUID token, String expected, String cursor, long rows, Long estimate)
            throws SQLException {
        try (var call = connection.prepareStatement("SELECT \"Cairn's\".checkpoint(?, ?, ?, ?, ?, ?)")) {
            call.setString(1, NAME);
            call.setString(2, token.toString());
            call.setString(3, expected);
            call.setString(4, cursor);
            call.setLong(5, rows);
            call.setObject(6, estimate, java.sql.Types.BIGINT);
            call.execute();
        }
    }

    private static void refused(ThrowingCallable call, String sqlState, String words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(sqlState))
                .hasMessageContaining(words);
    }
}
