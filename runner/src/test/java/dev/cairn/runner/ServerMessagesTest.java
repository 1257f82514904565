package dev.cairn.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.HoldCondition;
import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Work;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * PostgreSQL repeats values of rows in its messages, under any SQLSTATE. Outcome, log and progress do not, wherever the
 * statement stands in the migration; what names the migration's own objects stays.
 */
class ServerMessagesTest {
    private static final String SECRET = "relsecret7";
    private static final String NUMBER = "987654321";

    private final TestDatabase database = TestDatabase.create();
    private final RunnerFolder folder = new RunnerFolder(database);
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream out = System.out;

    @BeforeEach
    void table() {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, q text NOT NULL, n int)",
                "INSERT INTO t VALUES (1, '" + SECRET + "', 0), (2, '" + SECRET + "', 0)",
                "CREATE FUNCTION run(sql text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE sql; RETURN sql; END $$");
        System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void close() {
        System.setOut(out);
        database.close();
    }

    /** Expressions over a row of t whose evaluation PostgreSQL refuses with the row's value. */
    enum Refused {
        NAME_OF_A_TABLE("q::regclass"),
        NAME_OF_A_ROLE("q::regrole"),
        NAME_OF_A_TYPE("q::regtype"),
        NAME_OF_A_FUNCTION("q::regproc"),
        NAME_OF_A_SCHEMA("q::regnamespace"),
        NAME_OF_A_CONFIGURATION("q::regconfig"),
        NAME_OF_A_SETTING("set_config(q, '1', true)"),
        NAME_OF_A_DATABASE("pg_database_size(q)"),
        NAME_WITHOUT_QUOTES("q::regoper"),
        NAME_OF_MANY_PARTS("('www.mail.example.' || q)::regclass"),
        NAME_OF_AN_OBJECT("pg_get_object_address('function', ARRAY[q], '{}')::text"),
        NUMBER_OF_AN_OBJECT("lo_get((length(q) * 98765432 + id)::oid)"),
        SEARCH("to_tsquery(q || ' x')"),
        SEARCH_WITH_QUOTES("to_tsquery('{\"id\": \"' || q || '\", \"n\": 1} x')"),
        PATH("jsonb_path_exists('{}', ('x ' || q)::jsonpath)"),
        TYPE_WITH_SYNTAX("('int ' || q || ' x')::regtype"),
        BUILT_COLUMN("run('SELECT ' || q)"),
        BUILT_COLUMN_OF_A_TABLE("run('SELECT t.' || q || ' FROM t')"),
        BUILT_CALL("run('SELECT ' || q || '()')"),
        BUILT_CALL_OF_SEVERAL_WORDS("run(format('SELECT %I()', q || ' ' || q))"),
        BUILT_TABLE("run('TABLE ' || q)"),
        BUILT_SYNTAX("run('SELECT 1 x ' || q)"),
        BUILT_STRING("run('SELECT ''' || q)"),
        BUILT_LOCK("run('LOCK TABLE ' || q)"),
        BUILT_CAST("run('SELECT 1::' || q)");

        private final String sql;

        Refused(String sql) {
            this.sql = sql;
        }

        /** A query of one boolean. */
        String query() {
            return "SELECT bool_and((" + sql + ") IS NOT NULL) FROM t";
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSchemaStepKeepsValuesInTheDatabase(Refused refused) {
        requireKept(
                run(new Work.Schema(List.of(new Work.Step("look", refused.query()))), MigrationKind.SchemaMigration));
    }

    @ParameterizedTest
    @EnumSource
    void sqlThatRunsOnceKeepsValuesInTheDatabase(Refused refused) {
        requireKept(once(refused.query(), null));
    }

    @ParameterizedTest
    @EnumSource
    void aBatchKeepsValuesInTheDatabase(Refused refused) {
        requireKept(backfill(
                new Work.Over("t", List.of(), null),
                "UPDATE t SET n = ((" + refused.sql + ") IS NOT NULL)::int WHERE :batch",
                null));
    }

    @ParameterizedTest
    @EnumSource
    void aVerificationKeepsValuesInTheDatabase(Refused refused) {
        requireKept(once("SELECT 1", refused.query()));
    }

    @ParameterizedTest
    @EnumSource
    void aVerificationOfBatchesKeepsValuesInTheDatabase(Refused refused) {
        requireKept(backfill(
                new Work.Over("t", List.of(), null),
                "UPDATE t SET n = 1 WHERE :batch",
                refused.query() + " WHERE :batch"));
    }

    @ParameterizedTest
    @EnumSource
    void aQueryForKeysKeepsValuesInTheDatabase(Refused refused) {
        requireKept(backfill(
                new Work.Over("t", List.of(), null, "SELECT id FROM t WHERE (" + refused.sql + ") IS NOT NULL"),
                "UPDATE t SET n = 1 WHERE :batch",
                null));
    }

    @ParameterizedTest
    @EnumSource
    void aDryRunKeepsValuesInTheDatabase(Refused refused) {
        var work = new Work.Backfill(
                new Work.Over("t", List.of(), null),
                "UPDATE t SET n = ((" + refused.sql + ") IS NOT NULL)::int WHERE :batch",
                null);
        requireKept(folder.dryRun(work, true).run());
    }

    @ParameterizedTest
    @EnumSource
    void aHoldKeepsValuesInTheDatabase(Refused refused) {
        var query = refused.query();
        folder.pace(new Settings.Pace(50, 50, 10, 50, null).with(List.of(new HoldCondition.Query(query, null, true))));
        folder.plan(
                new Work.Backfill(
                        new Work.Over("t", List.of(), null),
                        "UPDATE t SET n = 1 WHERE :batch",
                        null,
                        null,
                        List.of(query),
                        null),
                MigrationKind.DataMigration);
        var main = folder.main("pod-1");
        var run = CompletableFuture.supplyAsync(main::run);
        await().until(() -> main.progress().heldBy().toString().contains("unknown"));
        var heldBy = main.progress().heldBy().toString();
        folder.pace(new Settings.Pace(50, 50, 10, 50, null));
        assertThat(run.join().reason()).isEqualTo(Reason.Applied);
        requireKept(heldBy);
        requireKept(log.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aBlockThatBuildsSqlFromRowsKeepsThemInTheDatabase() {
        var outcome = once(
                "DO $$ DECLARE r record; BEGIN FOR r IN SELECT q FROM t LOOP EXECUTE 'ALTER TABLE ' || r.q || ' ADD x"
                        + " int'; END LOOP; END $$",
                null);
        requireKept(outcome);
        assertThat(outcome.message()).contains(": relation \"…\" does not exist (values of rows are left out here;");
    }

    @Test
    void objectsNamedByRowsStayThereToo() {
        database.execute("CREATE TABLE " + SECRET + " (id int)", "CREATE VIEW v AS TABLE " + SECRET);
        requireKept(once(
                "DO $$ DECLARE r record; BEGIN FOR r IN SELECT q FROM t LOOP EXECUTE 'DROP TABLE ' || r.q;"
                        + " END LOOP; END $$",
                null));
    }

    /** The statement says the name, or the server names an object of the catalogue. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            SELECT * FROM messagez                    | relation "messagez" does not exist
            SELECT nope FROM t                        | column "nope" does not exist
            SELECT t.nope FROM t                      | column t.nope does not exist
            SELECT lowr(q) FROM t                     | function lowr(text) does not exist
            SELECT q = n FROM t                       | operator does not exist: text = integer
            SELECT 1 FORM t                           | syntax error at or near "t"
            ALTER TABLE messagez ADD x int            | relation "messagez" does not exist
            ALTER TABLE public."MessageZ" ADD x int   | relation "public.MessageZ" does not exist
            ALTER TABLE MESSAGEZ ADD x int            | relation "messagez" does not exist
            ALTER TABLE t ADD q text                  | column "q" of relation "t" already exists
            ALTER TABLE t DROP nope                   | column "nope" of relation "t" does not exist
            ALTER TABLE t ALTER q TYPE int            | column "q" cannot be cast automatically to type integer
            ALTER TABLE t ADD CHECK (id > 1)          | check constraint "t_id_check" of relation "t" is violated by some row
            CREATE TABLE t ()                         | relation "t" already exists
            CREATE UNIQUE INDEX ON t (n)              | could not create unique index "t_n_idx"
            INSERT INTO t VALUES (1, 'x')             | duplicate key value violates unique constraint "t_pkey"
            INSERT INTO t VALUES (3)                  | null value in column "q" of relation "t" violates not-null constraint
            DROP TABLE seen                           | cannot drop table seen because other objects depend on it (view sight depends on table seen)
            DROP INDEX nope                           | index "nope" does not exist
            DROP FUNCTION nope(int)                   | function nope(integer) does not exist
            GRANT SELECT ON t TO nobody7              | role "nobody7" does not exist
            SET nope = 1                              | unrecognized configuration parameter "nope"
            DO $$ BEGIN PERFORM nope FROM t; END $$   | column "nope" does not exist
            DO $$ BEGIN EXECUTE 'TABLE nope'; END $$  | relation "nope" does not exist
            UPDATE watched SET n = 1                  | relation "audit" does not exist
            SET ROLE reader; SELECT * FROM seen       | permission denied for table seen
            SET ROLE reader; SELECT * FROM sight      | permission denied for view sight
            """)
    void whatTheStatementOrTheCatalogueNamesStays(String sql, String expected) {
        database.execute(
                "CREATE TABLE seen (id int)",
                "CREATE VIEW sight AS TABLE seen",
                "CREATE TABLE watched AS SELECT 1 AS n",
                "CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN INSERT INTO audit VALUES (new.n); RETURN new; END $$",
                "CREATE TRIGGER watch AFTER UPDATE ON watched FOR EACH ROW EXECUTE FUNCTION watch()",
                "DO $$ BEGIN CREATE ROLE reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                "GRANT reader TO postgres");
        var outcome = run(new Work.Schema(List.of(new Work.Step("look", sql))), MigrationKind.SchemaMigration);
        assertThat(outcome.message()).contains(": " + expected);
    }

    @Test
    void theHintOfAChangedTypeStays() {
        assertThat(once("ALTER TABLE t ALTER q TYPE int", null).hint())
                .isEqualTo("You might need to specify \"USING q::integer\".");
    }

    @ParameterizedTest
    @MethodSource("places")
    void eachPlaceSaysWhatItsOwnTextNames(String sql, @Nullable String verify, @Nullable String keys, String expected) {
        var outcome = backfill(new Work.Over("t", List.of(), null, keys), sql, verify);
        assertThat(outcome.message()).endsWith(": " + expected);
    }

    static List<Arguments> places() {
        var plain = "UPDATE t SET n = 1 WHERE :batch";
        var unread = "set_config('nope', '1', true) <> ''";
        var expected = "unrecognized configuration parameter \"nope\"";
        return List.of(
                Arguments.of("UPDATE t SET n = 1 WHERE " + unread + " AND :batch", null, null, expected),
                Arguments.of(plain, "SELECT " + unread, null, expected),
                Arguments.of(plain, "SELECT bool_and(" + unread + ") FROM t WHERE :batch", null, expected),
                Arguments.of(plain, null, "SELECT id FROM t WHERE " + unread, expected));
    }

    private Outcome once(String sql, @Nullable String verify) {
        return run(new Work.Once(sql, verify), MigrationKind.DataMigration);
    }

    private Outcome backfill(Work.Over over, String sql, @Nullable String verify) {
        return run(new Work.Backfill(over, sql, verify), MigrationKind.DataMigration);
    }

    private Outcome run(Work work, MigrationKind kind) {
        return folder.plan(work, kind).run();
    }

    private void requireKept(Outcome outcome) {
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.SqlError);
        requireKept(outcome.toTerminationMessage());
        requireKept(outcome.message());
        requireKept(String.valueOf(outcome.hint()));
        requireKept(log.toString(StandardCharsets.UTF_8));
        if (database.value("SELECT to_regclass('cairn.migration')") != null)
            assertThat(database.query("SELECT error FROM cairn.migration WHERE error IS NOT NULL"))
                    .noneMatch(error -> error.contains(SECRET));
    }

    private static void requireKept(String shown) {
        assertThat(shown).doesNotContain(SECRET).doesNotContain(NUMBER);
    }
}
