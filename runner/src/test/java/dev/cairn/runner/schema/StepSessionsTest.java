package dev.cairn.runner.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.plan.Reason;
import dev.cairn.runner.PgBouncer;
import dev.cairn.runner.Relay;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.end.MigrationFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps share a connection, and none of them notices. */
class StepSessionsTest {
    /** One holds the scope's lock, one is for the steps. */
    private static final int LOGINS = 2;

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private Relay network;
    private Migrations migrations;

    @BeforeEach
    void createFunctions() {
        network = new Relay(database.port());
        migrations = new Migrations(database.on(network.port()));
        // What a session shows, or the state of the error that it shows instead.
        database.execute("CREATE TABLE log (n bigint)", """
            CREATE FUNCTION look(query text) RETURNS text LANGUAGE plpgsql AS $$
            DECLARE found text;
            BEGIN
                EXECUTE 'SELECT CAST((' || query || ') AS text)' INTO found;
                RETURN found;
            EXCEPTION WHEN OTHERS THEN
                RETURN SQLSTATE;
            END $$
            """);
    }

    @AfterEach
    void closeTheNetwork() throws Exception {
        network.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        a setting              | kept | SET work_mem = '9MB'                       | current_setting('work_mem')
        the search path        | kept | SET search_path = pg_catalog               | current_setting('search_path')
        a time limit           | kept | SET statement_timeout = '9s'               | current_setting('statement_timeout')
        the wait for a lock    | kept | SET lock_timeout = '9s'                    | current_setting('lock_timeout')
        the time zone          | kept | SET TimeZone = 'Pacific/Honolulu'          | current_setting('TimeZone')
        the form of dates      | kept | SET DateStyle = 'ISO, DMY'                 | current_setting('DateStyle')
        backslashes in strings | kept | SET standard_conforming_strings = off      | '\\' || current_setting('standard_conforming_strings')
        the program's name     | kept | SET application_name = 'me'                | current_setting('application_name') ~ '^cairn'
        row policies           | kept | SET row_security = on                      | current_setting('row_security')
        the check for a client | kept | SET client_connection_check_interval = 0   | current_setting('client_connection_check_interval')
        digits of numbers      | kept | SET extra_float_digits = 0                 | current_setting('extra_float_digits')
        triggers               | kept | SET session_replication_role = replica     | current_setting('session_replication_role')
        durability             | kept | SET synchronous_commit = off               | current_setting('synchronous_commit')
        isolation              | kept | SET default_transaction_isolation = serializable | current_setting('transaction_isolation')
        only reading           | kept | SET default_transaction_read_only = on     | current_setting('transaction_read_only')
        a role                 | kept | SET ROLE pg_monitor                        | current_user
        another user           | kept | SET SESSION AUTHORIZATION pg_monitor       | session_user || current_user
        both                   | kept | SET SESSION AUTHORIZATION postgres; SET ROLE pg_monitor | session_user || current_user
        a temporary table      | kept | CREATE TEMPORARY TABLE log (left_over int) | (SELECT string_agg(attname, ',') FROM pg_attribute WHERE attrelid = 'log'::regclass AND attnum > 0)
        an advisory lock       | kept | INSERT INTO log SELECT 1 FROM pg_advisory_lock(77) | (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 77)
        a subscription to news | kept | LISTEN news                                | (SELECT count(*) FROM pg_listening_channels())
        a prepared statement   | kept | PREPARE mine AS SELECT 1                   | (SELECT count(*) FROM pg_prepared_statements WHERE name = 'mine')
        a cursor               | kept | DECLARE mine CURSOR WITH HOLD FOR SELECT 1 | (SELECT count(*) FROM pg_cursors WHERE name = 'mine')
        the last of a sequence | kept | CREATE SEQUENCE s; INSERT INTO log SELECT nextval('s') | lastval()
        an unknown setting     | new  | SET app.tenant = 'x'                       | current_setting('app.tenant', true) IS NULL
        one that is local      | new  | SET LOCAL app.tenant = 'x'                 | current_setting('app.tenant', true) IS NULL
        one with a comment     | new  | SET /* ! */ app . tenant = 'x'             | current_setting('app.tenant', true) IS NULL
        one by a function      | new  | DO $$ BEGIN PERFORM set_config('app.tenant', 'x', false); END $$ | current_setting('app.tenant', true) IS NULL
        one by an INSERT       | new  | INSERT INTO log SELECT 1 FROM set_config('app.tenant', 'x', false) | current_setting('app.tenant', true) IS NULL
        one of a function      | new  | CREATE FUNCTION f() RETURNS int LANGUAGE sql SET app.tenant = 'x' RETURN 1 | current_setting('app.tenant', true) IS NULL
        """)
    void noStepSeesWhatAnEarlierOneLeft(String what, String connection, String leaves, String shows) throws Exception {
        // given what a session shows that nothing was done in
        var look = "CREATE TABLE %s AS SELECT public.look($look$" + shows + "$look$) AS it";
        migrations.schema("untouched", look.formatted("expected"));
        int before = network.connections();

        // when a step leaves something
        var result = migrations.schema("m", leaves, look.formatted("public.found"));

        // then the next one sees nothing of it
        assertThat(result.reason()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT it FROM public.found"))
                .as(what)
                .isEqualTo(database.query("SELECT it FROM expected"));
        assertThat(network.connections() - before).isEqualTo(connection.equals("kept") ? LOGINS : LOGINS + 1);
    }

    @Test
    void theSeedOfRandomNumbersEndsWithItsStep() throws Exception {
        // given the first number after a seed
        database.execute("CREATE TABLE drawn (n float)");
        try (var own = database.connect();
                var statement = own.createStatement()) {
            statement.execute("SELECT setseed(0.5)");
            statement.execute("INSERT INTO drawn VALUES (random())");
        }

        migrations.schema("m", "SELECT setseed(0.5)", "INSERT INTO drawn VALUES (random())");

        assertThat(database.value("SELECT count(DISTINCT n) FROM drawn")).isEqualTo("2");
    }

    @Test
    void theRoleThatALoginTakesOnIsTheSameInEachStep() throws Exception {
        var owner = "o" + database.name();
        database.execute(
                "CREATE ROLE " + owner + " SUPERUSER",
                "ALTER ROLE postgres IN DATABASE " + database.name() + " SET role = " + owner);

        migrations.schema(
                "m", "CREATE TABLE a (n int)", "CREATE TABLE b (n int)", "SET ROLE NONE", "CREATE TABLE c ()");

        assertThat(database.query("SELECT DISTINCT tableowner FROM pg_tables WHERE tablename IN ('a', 'b', 'c')"))
                .containsExactly(owner);
        assertThat(network.connections()).isEqualTo(LOGINS);
    }

    @Test
    void whatAStepSetsForNewSessionsHoldsInTheNext() throws Exception {
        migrations.schema(
                "m",
                "CREATE SCHEMA app; ALTER DATABASE " + database.name() + " SET search_path = app",
                "CREATE TABLE t (n int)");

        assertThat(database.value("SELECT schemaname FROM pg_tables WHERE tablename = 't'"))
                .isEqualTo("app");
    }

    @Test
    void aTriggerOnLoginsPreparesEachStep() throws Exception {
        assumeTrue(Integer.parseInt(database.value("SHOW server_version_num")) >= 170_000, "PostgreSQL 17");
        database.execute(
                "CREATE FUNCTION prepare_session() RETURNS event_trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN CREATE TEMPORARY TABLE IF NOT EXISTS prepared (n int); END $$",
                "CREATE EVENT TRIGGER login ON login EXECUTE FUNCTION prepare_session()");

        migrations.schema("m", "INSERT INTO prepared VALUES (1)", "INSERT INTO prepared VALUES (2)");

        assertThat(migrations.ledger("m")).containsExactly("applied", "step 1 done", "step 2 done");
    }

    @Test
    void aLongHistoryLogsInAsOftenAsAShortOne() throws Exception {
        var steps = new ArrayList<String>();
        IntStream.range(0, 75)
                .forEach(n -> steps.addAll(List.of(
                        "CREATE TABLE t" + n + " (id bigint PRIMARY KEY, name text)",
                        "INSERT INTO t" + n + " VALUES (1, 'one'); UPDATE t" + n + " SET name = 'two'",
                        "SET search_path = public; ALTER TABLE t" + n + " ADD COLUMN n int",
                        "CREATE INDEX CONCURRENTLY i" + n + " ON t" + n + " (name)")));

        migrations.schema("m", steps.toArray(String[]::new));

        assertThat(database.value("SELECT count(*) FROM cairn.step WHERE state = 'done'"))
                .isEqualTo("300");
        assertThat(network.connections()).isEqualTo(LOGINS);
    }

    @Test
    void theLedgerNamesTheSharedSession() throws Exception {
        migrations.schema(
                "m",
                "CREATE TABLE worked (pid int)",
                "INSERT INTO worked SELECT pg_backend_pid()",
                "CREATE TABLE u ()");

        assertThat(database.value("SELECT worker_pid FROM cairn.migration"))
                .isEqualTo(database.value("SELECT pid FROM worked"));
    }

    @Test
    void aStepThatFailsTakesItsSessionWithIt() {
        var failure = migrations.failing("m", "CREATE TABLE t (n int)", "SELECT nothing");

        assertThat(failure.reason()).isEqualTo(Reason.SqlError);
        assertThat(database.query("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'cairn %'"
                        + " AND datname = current_database() AND state = 'idle in transaction'"))
                .isEmpty();
    }

    @Test
    void aSessionThatCannotBeResetIsReplaced() throws Exception {
        try (var sessions = new StepSessions(migrations.run("m", "SELECT 1"))) {
            // given one that is still in a transaction
            int first = leave(sessions, session -> {
                session.connection().setAutoCommit(false);
                session.execute("CREATE TEMPORARY TABLE left_over (n int)");
            });

            // then the next is another one; and so it is when the server has ended it
            int second = leave(sessions, session -> {});
            database.query("SELECT pg_terminate_backend(" + second + ")");
            int third = leave(sessions, session -> {});
            int fourth = leave(sessions, session -> {});

            assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
            assertThat(fourth).isEqualTo(third);
        }
    }

    @Test
    void whatWasCancelledForItsLocksIsNotUsedAgain() throws Exception {
        try (var sessions = new StepSessions(migrations.run("m", "SELECT 1"))) {
            int first = leave(
                    sessions,
                    session -> session.lockBudget().spend(new LockLook(1_000, "3/7", true, 30_000, true, "a")));

            assertThat(leave(sessions, session -> {})).isNotEqualTo(first);
        }
    }

    /** Ends a session as a part does that succeeded. */
    private static int leave(StepSessions sessions, LockRetry.Effort effort) throws SQLException {
        try (var session = sessions.open(List.of())) {
            effort.in(session);
            session.keep();
            return session.pid();
        }
    }

    @Test
    void nothingIsOpenedOrResetAfterTheWishToStop() throws Exception {
        var run = migrations.run("m", "SELECT 1");
        try (var sessions = new StepSessions(run)) {
            leave(sessions, session -> {});
            run.stop().request();

            assertThatThrownBy(() -> sessions.open(List.of())).isInstanceOf(MigrationFailure.class);
        }
        assertThat(network.connections()).isEqualTo(1);
    }

    /** A pool sets what its client asked for after its own login: a reset would take that away. */
    @Test
    void behindAPoolOfSessionsEachStepHasItsOwn() throws Exception {
        assumeTrue(PgBouncer.isInstalled(), "install pgbouncer (on Debian: apt-get install pgbouncer)");
        database.execute("ALTER DATABASE " + database.name() + " SET datestyle = 'German'");
        try (var pool = PgBouncer.start(database, "session", 5)) {
            var pooled = new Migrations(database.on(pool.port()));

            var result = pooled.schema(
                    "m",
                    "SET work_mem = '9MB'",
                    "INSERT INTO log SELECT pg_backend_pid()",
                    "CREATE TABLE found AS SELECT current_setting('work_mem') AS it, current_setting('datestyle') AS style");

            assertThat(result.reason()).isEqualTo(Reason.Applied);
            assertThat(database.value("SELECT it || ' ' || style FROM found")).startsWith("4MB ISO");
        }
    }
}
