package dev.cairn.runner.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.plan.Checksum;
import dev.cairn.plan.Identity;
import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Reason;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.ledger.MigrationRow.State;
import dev.cairn.runner.session.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LedgerTest {
    private static final Checksum A_PLAN = new Checksum("sha256:a1", "sha256:a2", "sha256:content", null);
    private static final Identity MIGRATION = new Identity("chat", MigrationKind.DataMigration, "mood");
    private static final WalkRow WALK =
            new WalkRow("{}", "public.t", List.of("id"), List.of("bigint"), List.of(""), List.of(""));

    private final TestDatabase database = TestDatabase.create();
    private final Ledger ledger = new Ledger("Cairn's", MIGRATION, new WorkerPod("pod-1", "runner:1"));
    private Connection connection;

    @BeforeEach
    void install() throws SQLException {
        connection = database.connect();
        ledger.install(connection);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        database.close();
    }

    private UUID begin(Checksum checksum) throws SQLException {
        return Transaction.in(connection, c -> {
            ledger.migrations().lock(c, checksum);
            return ledger.migrations().begin(c, checksum);
        });
    }

    @Test
    void installingAgainWritesNothing() throws SQLException {
        // given the ledger is there, and a session that may not write at all
        connection.createStatement().execute("SET default_transaction_read_only = on");

        // when it is installed again, nothing happens, and nothing fails either
        ledger.install(connection);
        assertThat(database.value("SELECT count(*) FROM \"Cairn's\".version")).isEqualTo("1");
    }

    @Test
    void aSchemaThatHoldsSomethingElseIsLeftAlone() {
        database.execute("CREATE SCHEMA theirs", "CREATE TABLE theirs.orders (id int)");
        assertThatThrownBy(() -> new Ledger("theirs", MIGRATION, ledger.worker()).install(connection))
                .isInstanceOfSatisfying(
                        MigrationFailure.class, e -> assertThat(e.reason()).isEqualTo(Reason.InvalidSpec))
                .hasMessage("the schema theirs is not Cairn's: it holds orders; choose another one for "
                        + "spec.ledger.schema of the target");
    }

    @Test
    void aRoleWithoutTheRightIsToldWhatToGrant() throws SQLException {
        var role = "r_" + database.name();
        database.execute("CREATE ROLE " + role);
        connection.createStatement().execute("SET ROLE " + role);
        assertThatThrownBy(() -> new Ledger("fresh", MIGRATION, ledger.worker()).install(connection))
                .isInstanceOfSatisfying(
                        MigrationFailure.class, e -> assertThat(e.reason()).isEqualTo(Reason.AccessDenied))
                .hasMessageContaining("GRANT CREATE ON DATABASE \"" + database.name() + "\" TO \"" + role + "\"");
        database.execute("DROP ROLE " + role);
    }

    @Test
    void aSchemaThatWasMadeForUsIsTaken() throws SQLException {
        var role = "r_" + database.name();
        database.execute("CREATE ROLE " + role, "CREATE SCHEMA made AUTHORIZATION " + role);
        connection.createStatement().execute("SET ROLE " + role);

        new Ledger("made", MIGRATION, ledger.worker()).install(connection);

        assertThat(database.value("SELECT version FROM made.version")).isEqualTo("1");
        database.execute("DROP SCHEMA made CASCADE", "DROP ROLE " + role);
    }

    @Test
    void aLedgerThatKnowsOnlyAnEarlierStartIsNotTakenForALaterOne() throws SQLException {
        // given a failover that has lost the second start
        var first = begin(A_PLAN);
        var second = begin(A_PLAN);
        database.execute("UPDATE \"Cairn's\".migration SET attempts = 1, token = '" + first + "'");

        // then that one is told so
        assertThatThrownBy(() ->
                        Transaction.run(connection, c -> ledger.migrations().applied(c, second)))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("the ledger is older than this start of DataMigration/mood");
    }

    @Test
    void aStartCountsAndALaterOneTakesTheMigrationOver() throws SQLException {
        var first = begin(A_PLAN);
        var second = begin(A_PLAN);

        var row = ledger.migrations().read(connection).orElseThrow();
        assertThat(row.attempts()).isEqualTo(2);
        assertThat(row.token()).isEqualTo(second);
        assertThat(row.worker()).isEqualTo("pod-1");
        assertThat(row.backend()).isNotNull();
        assertThatThrownBy(() ->
                        Transaction.run(connection, c -> ledger.migrations().applied(c, first)))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("DataMigration/mood was taken over by pod-1");
        Transaction.run(connection, c -> ledger.migrations().applied(c, second));
        assertThat(ledger.migrations().read(connection).orElseThrow().state()).isEqualTo(State.APPLIED);
        assertThat(database.query("SELECT event FROM \"Cairn's\".event ORDER BY id"))
                .containsExactly("Started", "Started", "Applied");
    }

    @Test
    void aSessionIsKnownByProcessAndStartAndOnlyWhileARunnerUsesIt() throws SQLException {
        // given a start on a session that says what it is
        name(connection, "cairn DataMigration/mood");
        begin(A_PLAN);
        var backend = ledger.migrations().read(connection).orElseThrow().backend();

        // then another session of the same migration sees it, it does not count as another one itself, and a later
        // process
        // is not it
        try (var other = database.connect()) {
            assertThat(backend.isAlive(other)).isFalse();
            name(other, "cairn DataMigration/mood");
            assertThat(backend.isAlive(other)).isTrue();
            assertThat(backend.isAlive(connection)).isFalse();
            assertThat(new Backend(backend.pid(), backend.started().plusSeconds(1)).isAlive(other))
                    .isFalse();

            // and once a pooler has given it to an application it is left alone
            name(connection, "web");
            backend.terminate(other);
            assertThat(backend.isAlive(other)).isFalse();
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    private static void name(Connection session, String application) throws SQLException {
        try (var statement = session.createStatement()) {
            statement.execute("SET application_name = '" + application + "'");
        }
    }

    @Test
    void aBatchMovesItsRangeOnlyFromWhereItFoundIt() throws SQLException {
        // given a walk with one range, at its start
        var token = begin(A_PLAN);
        var range = RangeRow.open(0, null, List.of("9"));
        Transaction.run(connection, c -> ledger.walks().begin(c, token, WALK, List.of(range)));

        // when a batch moves it
        var moved = range.walkedTo(List.of("4")).with(3, 4, 0);
        commit(token, range, moved);

        // then the same batch cannot move it again, and a batch that begins where it ended can
        assertThatThrownBy(() -> commit(token, range, moved)).isInstanceOf(FencedException.class);
        var after = ledger.ranges().all(connection).getFirst();
        commit(token, after, after.walkedTo(List.of("9")).with(5, 5, 1));
        assertThat(ledger.ranges().all(connection)).singleElement().satisfies(end -> {
            assertThat(end.cursor()).containsExactly("9");
            assertThat(List.of(end.rows(), end.walked(), end.skipped(), end.batches()))
                    .containsExactly(8L, 9L, 1L, 2L);
            assertThat(end.done()).isTrue();
            assertThat(end.committedAtMillis()).isPositive();
        });
        assertThat(ledger.walks().read(connection)).contains(WALK);
    }

    @Test
    void theBeginningOfAWalkSurvivesACrashWhateverItsBatchesRisk() throws SQLException {
        var token = begin(A_PLAN);
        var ranges = List.of(RangeRow.open(0, null, List.of("9")));
        Transaction.run(connection, c -> {
            c.createStatement().execute("SET LOCAL synchronous_commit = off");
            ledger.walks().begin(c, token, WALK, ranges);
            try (var durable = c.createStatement().executeQuery("SHOW synchronous_commit")) {
                durable.next();
                assertThat(durable.getString(1)).isEqualTo("on");
            }
        });
    }

    @Test
    void anOlderStartCannotMoveARange() throws SQLException {
        var first = begin(A_PLAN);
        var range = RangeRow.open(0, null, List.of("9"));
        Transaction.run(connection, c -> ledger.walks().begin(c, first, WALK, List.of(range)));

        begin(A_PLAN);

        assertThatThrownBy(() -> commit(first, range, range.walkedTo(List.of("4"))))
                .isInstanceOf(FencedException.class);
    }

    @Test
    void aBatchOfTheWalkBeforeCannotMoveARangeOfTheNextOne() throws SQLException {
        // given a walk that is done, and another one over the same keys by the same start
        var token = begin(A_PLAN);
        var range = RangeRow.open(0, null, List.of("9"));
        Transaction.run(connection, c -> ledger.walks().begin(c, token, WALK, List.of(range)));
        commit(token, range, range.walkedTo(List.of("9")).with(5, 9, 0));
        var earlier = EarlierWalks.NONE.plus(5);
        Transaction.run(connection, c -> ledger.walks().again(c, token, earlier, List.of(range)));
        assertThat(ledger.walks().earlier(connection)).isEqualTo(new EarlierWalks(1, 5, false));

        // when the first batch comes once more, as one that was late
        assertThatThrownBy(() -> commit(token, range, range.walkedTo(List.of("9"))))
                .isInstanceOf(FencedException.class);

        // then the other walk is at its start
        var next = ledger.ranges().all(connection).getFirst();
        assertThat(next.batches()).isZero();
        commit(token, next, next.walkedTo(List.of("9")));
        assertThat(ledger.ranges().now(connection, next).done()).isTrue();
        assertThatThrownBy(() -> ledger.ranges().now(connection, range)).isInstanceOf(FencedException.class);
    }

    @ParameterizedTest
    @EnumSource
    void theWindowsThatAreWalkedInStripesAreKeptWithTheirRange(Striping.By by) throws SQLException {
        // given a range in the middle of two windows, whose keys need quotes in an array
        var token = begin(A_PLAN);
        var range = RangeRow.open(0, null, List.of("z", "9"));
        Transaction.run(connection, c -> ledger.walks().begin(c, token, WALK, List.of(range)));
        var rotation = new StripeCursor(
                List.of(List.of("a\"{", "1"), List.of("", "2")), new Striping(by, 16), 3, List.of("a", "0"));
        commit(token, range, range.striped(rotation).with(1, 1, 0));

        // then it comes back as it was, its cursor where it stood
        var found = ledger.ranges().all(connection).getFirst();
        assertThat(found.rotation()).isEqualTo(rotation);
        assertThat(found.cursor()).isNull();

        // and is gone with the last stripe
        commit(token, found, found.walkedTo(rotation.end()));
        assertThat(ledger.ranges().all(connection)).singleElement().satisfies(end -> {
            assertThat(end.rotation()).isNull();
            assertThat(end.cursor()).containsExactly("", "2");
        });
    }

    private void commit(UUID token, RangeRow before, RangeRow after) throws SQLException {
        Transaction.run(connection, c -> ledger.ranges().commit(c, token, before, after));
    }

    @Test
    void stepsAreKeptByTheirPlace() throws SQLException {
        begin(A_PLAN);
        ledger.steps().write(connection, new StepRow(1, "1", "sha256:x", false, null));
        ledger.steps().write(connection, new StepRow(1, "1", "sha256:y", true, null));
        ledger.steps().write(connection, new StepRow(2, "b.sql", "sha256:z", false, null));
        ledger.steps().forget(connection, 2);
        assertThat(ledger.steps().read(connection)).containsExactly(new StepRow(1, "1", "sha256:y", true, null));
    }
}
