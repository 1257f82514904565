package dev.cairn.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.plan.ExitCode;
import dev.cairn.plan.Identity;
import dev.cairn.plan.LedgerAnswer;
import dev.cairn.plan.LedgerQuestion;
import dev.cairn.plan.LedgerQuestion.Entry;
import dev.cairn.plan.LedgerState;
import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Reason;
import dev.cairn.runner.ledger.Ledger;
import dev.cairn.runner.ledger.WorkerPod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The runner's mode that only reads: many migrations at once, and nothing changes. */
class LedgerReaderTest {
    private static final MigrationKind SCHEMA = MigrationKind.SchemaMigration;

    private final TestDatabase database = TestDatabase.create();
    private final RunnerFolder folder = new RunnerFolder(database);

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aDatabaseWithoutALedgerKnowsNothingAndGetsNone() throws IOException {
        assertThat(ask(entry("a"), entry("b"))).containsExactly(LedgerState.Absent, LedgerState.Absent);
        assertThat(database.value("SELECT count(*) FROM pg_namespace WHERE nspname = 'cairn'"))
                .isEqualTo("0");
    }

    @Test
    void aQuestionWithoutEntriesOnlyReachesTheDatabase() throws IOException {
        assertThat(ask()).isEmpty();
    }

    @Test
    void eachMigrationHasItsStateInTheOrderOfTheQuestion() throws IOException, SQLException {
        // given a ledger with lines of this scope and of another one
        install();
        line("test", "a", "applied", "sum-1");
        line("test", "f", "failed", "sum-1");
        line("test", "r", "running", "sum-1");
        line("test", "x", "applied", "sum-of-something-else");
        line("other", "elsewhere", "applied", "sum-1");
        var written = database.value("SELECT md5(string_agg(ctid || ':' || xmin, ' ')) FROM cairn.migration");

        // when it is asked, then each state is told, and the ledger is as it was
        assertThat(ask(entry("x"), entry("elsewhere"), entry("a"), entry("r"), entry("f"), entry("no")))
                .containsExactly(
                        LedgerState.OtherChecksum,
                        LedgerState.Absent,
                        LedgerState.Applied,
                        LedgerState.Started,
                        LedgerState.Failed,
                        LedgerState.Absent);
        assertThat(database.value("SELECT md5(string_agg(ctid || ':' || xmin, ' ')) FROM cairn.migration"))
                .isEqualTo(written);
    }

    @Test
    void anyOfTheChecksumsCountsAndNoneAtAllMeansAny() throws IOException, SQLException {
        install();
        line("test", "a", "applied", "sum-1");
        assertThat(ask(
                        new Entry(SCHEMA, "a", List.of("sum-2", "sum-1")),
                        new Entry(SCHEMA, "a", List.of()),
                        new Entry(SCHEMA, "a", List.of("sum-2")),
                        new Entry(MigrationKind.DataMigration, "a", List.of())))
                .containsExactly(
                        LedgerState.Applied, LedgerState.Applied, LedgerState.OtherChecksum, LedgerState.Absent);
    }

    @Test
    void aFullQuestionIsAnsweredWithinATerminationMessage() throws IOException, SQLException {
        // given every second one of as many migrations as a question holds, with the longest names
        install();
        database.execute("INSERT INTO cairn.migration (scope, kind, name, state, checksum, token, attempts, started)"
                + " SELECT 'test', 'SchemaMigration', lpad(n::text, 253, 'm'), 'applied', 'sum-1', gen_random_uuid(), 1, now()"
                + " FROM generate_series(1, " + LedgerQuestion.MOST_ENTRIES + ", 2) n");
        var entries = IntStream.rangeClosed(1, LedgerQuestion.MOST_ENTRIES)
                .mapToObj(n -> entry("m".repeat(253 - String.valueOf(n).length()) + n))
                .toArray(Entry[]::new);

        // then the answer has a state for each, in order
        var states = ask(entries);
        assertThat(states)
                .hasSize(LedgerQuestion.MOST_ENTRIES)
                .startsWith(LedgerState.Applied, LedgerState.Absent, LedgerState.Applied);
        assertThat(Files.size(folder.at(Mounts.TERMINATION_LOG))).isLessThan(Outcome.MAX_BYTES);
    }

    @Test
    void aRoleThatMayNotReadTheLedgerIsToldWhatToGrant() throws IOException, SQLException {
        // given a ledger, and a role that has no right on it
        install();
        database.execute(
                "DO $$ BEGIN CREATE ROLE stranger LOGIN PASSWORD 'p'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        folder.secret("username", "stranger").secret("password", "p");

        // then the outcome says so
        var outcome = refused(entry("a"));
        assertThat(outcome.reason()).isEqualTo(Reason.AccessDenied);
        assertThat(outcome.message())
                .contains("may not read the ledger", "GRANT USAGE ON SCHEMA \"cairn\" TO stranger");
    }

    @Test
    void aLedgerOfAStrangerIsRefusedInTheWordsOfTheRuns() throws IOException, SQLException {
        // given a ledger that anybody could have written, with a line that says applied
        install();
        line("test", "a", "applied", "sum-1");
        var app = role("app");
        var mallory = role("mallory");
        database.execute(
                "GRANT USAGE ON SCHEMA cairn TO " + app,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA cairn TO " + app);
        folder.secret("username", app).secret("password", "p");
        assertThat(ask(entry("a"))).containsExactly(LedgerState.Applied);

        // when its table, or the schema, belongs to a stranger, then nothing of it is believed
        database.execute("ALTER TABLE cairn.migration OWNER TO " + mallory);
        assertRefusedAsByARun(app, "the table cairn.migration belongs to the role \"" + mallory + "\"");
        database.execute("ALTER TABLE cairn.migration OWNER TO postgres", "ALTER SCHEMA cairn OWNER TO " + mallory);
        assertRefusedAsByARun(app, "the schema cairn belongs to the role \"" + mallory + "\"");

        // also where it holds no ledger yet
        database.execute("DROP SCHEMA cairn CASCADE", "CREATE SCHEMA cairn AUTHORIZATION " + mallory);
        assertRefusedAsByARun(app, "the schema cairn belongs to the role \"" + mallory + "\"");
        database.execute("DROP OWNED BY " + app + ", " + mallory, "DROP ROLE " + app + ", " + mallory);
    }

    @Test
    void aLedgerWithAForeignPolicyOrTriggerIsRefused() throws IOException, SQLException {
        install();
        line("test", "a", "applied", "sum-1");
        database.execute("CREATE POLICY hide ON cairn.migration USING (false)");
        assertRefusedAsByARun("postgres", "the ledger has a foreign policy: hide on cairn.migration");
        database.execute(
                "DROP POLICY hide ON cairn.migration",
                "CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                "CREATE TRIGGER look AFTER UPDATE ON cairn.migration FOR EACH ROW EXECUTE FUNCTION look()");
        assertRefusedAsByARun("postgres", "the ledger has a foreign trigger: look on cairn.migration");
    }

    private String role(String name) {
        var role = name + "_" + database.name();
        database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'p'");
        return role;
    }

    private void assertRefusedAsByARun(String role, String words) throws IOException, SQLException {
        var outcome = refused(entry("a"));
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.AccessDenied);
        assertThat(outcome.message()).contains(words);
        var url = "jdbc:postgresql://localhost:" + database.port() + "/" + database.name();
        try (var connection = DriverManager.getConnection(url, role, "p")) {
            assertThatThrownBy(() -> ledger().install(connection)).hasMessage(outcome.message());
        }
    }

    @Test
    void aSchemaOfSomebodyElseIsNotRead() throws IOException {
        database.execute("CREATE SCHEMA cairn", "CREATE VIEW cairn.migration AS SELECT 1 AS state");
        assertThat(refused(entry("a")).message()).contains("the schema cairn is not Cairn's");
    }

    @Test
    void namesOfTheRolesSearchPathAreNotUsed() throws IOException, SQLException {
        // given an operator that would be found first by the role's path
        install();
        line("test", "a", "applied", "sum-1");
        database.execute(
                "CREATE TABLE public.called (n int)",
                "CREATE FUNCTION public.eq(text, text) RETURNS boolean LANGUAGE plpgsql AS"
                        + " 'BEGIN RAISE EXCEPTION ''called''; END'",
                "CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = public.eq)",
                "ALTER DATABASE " + database.name() + " SET search_path = public, pg_catalog");

        // then the answer comes without it
        assertThat(ask(entry("a"))).containsExactly(LedgerState.Applied);
    }

    @Test
    void aDatabaseThatCannotBeReachedIsSaid() throws IOException {
        folder.secret("password", "unused").secret("dbname", "no_such_database");
        assertThat(refused(entry("a")).message()).contains("no_such_database");
    }

    @Test
    void theProcessTakesItsQuestionFromTheArguments() throws IOException {
        var question = mount(entry("a"));
        var process =
                RunnerProcess.readLedger(folder.at(Mounts.QUESTION).getParent().getParent(), question.hash());
        assertThat(process.exitCode()).as(process.output()).isEqualTo(ExitCode.DONE.code());
        assertThat(answer().all()).containsExactly(LedgerState.Absent);
    }

    private static Entry entry(String name) {
        return new Entry(SCHEMA, name, List.of("sum-1"));
    }

    private List<LedgerState> ask(Entry... entries) throws IOException {
        var question = mount(entries);
        assertThat(reader(question).run()).isEqualTo(ExitCode.DONE);
        var answer = answer();
        assertThat(answer.question()).isEqualTo(question.hash());
        return answer.all();
    }

    private Outcome refused(Entry... entries) throws IOException {
        assertThat(reader(mount(entries)).run()).isNotEqualTo(ExitCode.DONE);
        return Outcome.fromTerminationMessage(Files.readString(folder.at(Mounts.TERMINATION_LOG)));
    }

    private LedgerReader reader(LedgerQuestion question) {
        var root = folder.at(Mounts.QUESTION).getParent().getParent();
        return new LedgerReader(new RunnerEnvironment(root, 0, "pod-1", "runner:test"), question.hash());
    }

    private LedgerAnswer answer() throws IOException {
        return LedgerAnswer.fromTerminationMessage(
                Files.readString(folder.at(Mounts.TERMINATION_LOG), StandardCharsets.UTF_8));
    }

    private LedgerQuestion mount(Entry... entries) throws IOException {
        var question = new LedgerQuestion("test", List.of(entries));
        Files.write(
                Files.createDirectories(folder.at(Mounts.QUESTION)).resolve(Mounts.QUESTION_FILE), question.zipped());
        return question;
    }

    private void install() throws SQLException {
        try (var connection = database.connect()) {
            ledger().install(connection);
        }
    }

    private static Ledger ledger() {
        return new Ledger("cairn", new Identity("test", SCHEMA, "it"), new WorkerPod("pod-1", "runner:test"));
    }

    private void line(String scope, String name, String state, String checksum) {
        database.execute("INSERT INTO cairn.migration (scope, kind, name, state, checksum, token, attempts, started)"
                + " VALUES ('%s', 'SchemaMigration', '%s', '%s', '%s', gen_random_uuid(), 1, now())"
                        .formatted(scope, name, state, checksum));
    }
}
