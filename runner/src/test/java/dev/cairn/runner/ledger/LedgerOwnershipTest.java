package dev.cairn.runner.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.plan.Identity;
import dev.cairn.plan.MigrationKind;
import dev.cairn.plan.Reason;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.end.MigrationFailure;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ledger that is not the migrations' own is refused before anything of it runs; what is legitimate goes on. */
class LedgerOwnershipTest {
    private static final Identity MIGRATION = new Identity("chat", MigrationKind.DataMigration, "mood");

    private final TestDatabase database = TestDatabase.create();
    private final String app = "app_" + database.name();
    private final String mallory = "mallory_" + database.name();

    @BeforeEach
    void twoRolesThatHaveNothingToDoWithEachOther() {
        database.execute(
                "CREATE ROLE " + app + " LOGIN",
                "CREATE ROLE " + mallory + " LOGIN",
                "GRANT CREATE ON DATABASE " + database.name() + " TO " + app + ", " + mallory);
    }

    @AfterEach
    void close() {
        database.execute("DROP OWNED BY " + app + ", " + mallory + " CASCADE");
        database.close();
        new TestDatabaseRoles(database.port()).drop(app, mallory);
    }

    /** Roles belong to the server, and outlive the database of a test. */
    private record TestDatabaseRoles(int port) {
        void drop(String... roles) {
            try (var connection = DriverManager.getConnection(
                            "jdbc:postgresql://localhost:" + port + "/postgres", "postgres", "postgres");
                    var statement = connection.createStatement()) {
                for (var role : roles) statement.execute("DROP ROLE " + role);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private Connection as(String role) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + database.port() + "/" + database.name(), role, "");
    }

    private void install(String role) throws SQLException {
        try (var connection = as(role)) {
            new Ledger("cairn", MIGRATION, new WorkerPod("pod-1", null)).install(connection);
        }
    }

    private void run(String role, String... statements) throws SQLException {
        try (var connection = as(role);
                var statement = connection.createStatement()) {
            for (var sql : statements) statement.execute(sql);
        }
    }

    private void grantTheLedgerTo(String role) {
        database.execute(
                "GRANT USAGE ON SCHEMA cairn TO " + role,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA cairn TO " + role);
    }

    private static void assertRefused(ThrowingCallable install, String... words) {
        assertThatThrownBy(install)
                .isInstanceOfSatisfying(
                        MigrationFailure.class, e -> assertThat(e.reason()).isEqualTo(Reason.AccessDenied))
                .hasMessageContainingAll(words);
    }

    @Test
    void aLedgerThatAStrangerMadeIsRefusedBeforeItsTriggerRuns() throws SQLException {
        // given a stranger who made the whole ledger, with a trigger, and lets everybody use it
        install(mallory);
        run(
                mallory,
                "CREATE TABLE cairn.stolen (who text)",
                "CREATE FUNCTION cairn.steal() RETURNS trigger LANGUAGE plpgsql AS "
                        + "'BEGIN INSERT INTO cairn.stolen VALUES (current_user); RETURN NEW; END'",
                "CREATE TRIGGER steal BEFORE INSERT ON cairn.migration FOR EACH ROW EXECUTE FUNCTION cairn.steal()");
        grantTheLedgerTo(app);

        // then it is refused, by owner and next step, with or without the trigger
        assertRefused(
                () -> install(app),
                "the schema cairn belongs to the role \"" + mallory + "\"",
                "ALTER SCHEMA cairn OWNER TO \"" + app + "\"",
                "spec.ledger.schema");
        run(mallory, "DROP TRIGGER steal ON cairn.migration");
        assertRefused(() -> install(app), "the schema cairn belongs to the role \"" + mallory + "\"");
        assertThat(database.value("SELECT count(*) FROM cairn.stolen")).isEqualTo("0");
    }

    @Test
    void aTableOfAStrangerInOurSchemaIsRefused() throws SQLException {
        install(app);
        database.execute("ALTER TABLE cairn.migration OWNER TO " + mallory);
        grantTheLedgerTo(app);
        assertRefused(
                () -> install(app),
                "the table cairn.migration belongs to the role \"" + mallory + "\"",
                "ALTER TABLE cairn.migration OWNER TO \"" + app + "\"");
    }

    @Test
    void aFunctionOfAStrangerThatContainersWouldCallInsteadOfOursIsRefused() throws SQLException {
        install(app);
        run(app, "GRANT CREATE, USAGE ON SCHEMA cairn TO " + mallory);
        run(mallory, "CREATE FUNCTION cairn.checkpoint(text, text, text, text) RETURNS void LANGUAGE sql AS ''");
        assertRefused(() -> install(app), "the function cairn.checkpoint(text,text,text,text) belongs to the role");
    }

    @Test
    void anEmptySchemaOfAStrangerIsNotFilled() throws SQLException {
        run(mallory, "CREATE SCHEMA cairn", "GRANT ALL ON SCHEMA cairn TO " + app);
        assertRefused(() -> install(app), "the schema cairn belongs to the role \"" + mallory + "\"");
        assertThat(database.value("SELECT count(*) FROM pg_class WHERE relnamespace = 'cairn'::regnamespace"))
                .isEqualTo("0");
    }

    @Test
    void aTriggerARuleAndAPolicyAreRefusedByName() throws SQLException {
        install(app);
        run(app, "GRANT USAGE ON SCHEMA cairn TO " + mallory, "GRANT TRIGGER ON cairn.range TO " + mallory);
        run(
                mallory,
                "CREATE SCHEMA mine",
                "CREATE FUNCTION mine.look() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                "CREATE TRIGGER look AFTER UPDATE ON cairn.range FOR EACH ROW EXECUTE FUNCTION mine.look()");
        assertRefused(() -> install(app), "foreign trigger", "run DROP TRIGGER look ON cairn.range");

        run(app, "DROP TRIGGER look ON cairn.range", "CREATE RULE hide AS ON DELETE TO cairn.step DO INSTEAD NOTHING");
        assertRefused(() -> install(app), "foreign rule", "run DROP RULE hide ON cairn.step");

        run(app, "DROP RULE hide ON cairn.step", "CREATE POLICY \"p 1\" ON cairn.event USING (false)");
        assertRefused(() -> install(app), "foreign policy", "run DROP POLICY \"p 1\" ON cairn.event");

        run(app, "DROP POLICY \"p 1\" ON cairn.event");
        assertThatCode(() -> install(app)).doesNotThrowAnyException();
    }

    @Test
    void aViewInPlaceOfATableIsRefused() throws SQLException {
        install(app);
        run(app, "DROP TABLE cairn.skipped", "CREATE VIEW cairn.skipped AS SELECT 1");
        assertRefused(() -> install(app), "cairn.skipped", "it is not a table");
    }

    @Test
    void relationsThatCairnDoesNotKnowArePassedOver() throws SQLException {
        install(app);
        run(app, "GRANT CREATE, USAGE ON SCHEMA cairn TO " + mallory, "CREATE VIEW cairn.report AS SELECT 1");
        run(mallory, "CREATE TABLE cairn.notes (id int)");
        assertThatCode(() -> install(app)).doesNotThrowAnyException();
    }

    @Test
    void aLedgerOfTheGroupThatTheRoleIsInIsUsed() throws SQLException {
        install(mallory);
        grantTheLedgerTo(app);
        database.execute("GRANT " + mallory + " TO " + app);
        assertThatCode(() -> install(app)).doesNotThrowAnyException();
    }

    @Test
    void aLedgerOfAMemberOfTheRoleIsUsed() throws SQLException {
        // whoever is a member has its rights already
        install(mallory);
        grantTheLedgerTo(app);
        database.execute("GRANT " + app + " TO " + mallory);
        assertThatCode(() -> install(app)).doesNotThrowAnyException();
    }

    @Test
    void aLedgerOfASuperuserOrOfTheDatabasesOwnerIsUsedByRolesWithGrants() throws SQLException {
        install("postgres");
        grantTheLedgerTo(app);
        assertThatCode(() -> install(app)).doesNotThrowAnyException();

        database.execute("DROP SCHEMA cairn CASCADE", "ALTER DATABASE " + database.name() + " OWNER TO " + mallory);
        install(mallory);
        grantTheLedgerTo(app);
        assertThatCode(() -> install(app)).doesNotThrowAnyException();

        // a superuser has more to lose than the database
        assertRefused(() -> install("postgres"), "the schema cairn belongs to the role \"" + mallory + "\"");
        database.execute("ALTER DATABASE " + database.name() + " OWNER TO postgres");
    }

    @Test
    void aLedgerThatLostATableSaysWhich() throws SQLException {
        install(app);
        run(app, "DROP TABLE cairn.skipped");
        assertThatThrownBy(() -> install(app))
                .hasMessage("the ledger in schema cairn lacks its tables skipped: restore them from a backup");
    }

    @Test
    void aLedgerOfAnotherVersionSaysWhichOneIsOlder() throws SQLException {
        install(app);
        run(app, "UPDATE cairn.version SET version = 999");
        assertThatThrownBy(() -> install(app))
                .hasMessageContaining("has version 999")
                .hasMessageContaining("a newer version of Cairn has upgraded it");
        run(app, "UPDATE cairn.version SET version = 0");
        assertThatThrownBy(() -> install(app))
                .hasMessageContaining("has version 0")
                .hasMessageContaining("it is older and there is no upgrade from it")
                .message()
                .doesNotContain("newer");
    }
}
