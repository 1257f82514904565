package dev.cairn.runner.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Progress.Activity;
import dev.cairn.plan.Reason;
import dev.cairn.runner.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AloneTest {
    private static final String BUILD = "CREATE UNIQUE INDEX CONCURRENTLY \"Messages by Id\" ON app.\"Messages\" (id)";

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final Migrations migrations = new Migrations(database);

    @BeforeEach
    void createTable() {
        database.execute("CREATE SCHEMA app", "CREATE TABLE app.\"Messages\" (id int)");
        database.execute("INSERT INTO app.\"Messages\" VALUES (1), (2), (2)");
    }

    @Test
    void anIndexThatFailedIsDroppedAtOnceAndBuiltAgainOnceTheDataIsRight() throws Exception {
        // given a build that meets a duplicate: its INVALID index is gone with the failure
        var failure = migrations.failing("m", BUILD);
        assertThat(failure.sqlState()).isEqualTo("23505");
        assertThat(failure)
                .hasMessageContaining("could not create unique index")
                .hasMessageNotContaining("(2)")
                .hasMessageEndingWith("the INVALID index app.\"Messages by Id\" that this left is dropped");
        assertThat(validIndexes()).isEmpty();
        assertThat(migrations.ledger("m")).containsExactly("failed", "step 1 started");

        // when the data is mended and it starts again
        database.execute("DELETE FROM app.\"Messages\" WHERE id = 2");
        assertThat(migrations.schema("m", BUILD).reason()).isEqualTo(Reason.Applied);

        // then there is one valid index
        assertThat(validIndexes()).containsExactly("t");
        assertThat(migrations.ledger("m")).containsExactly("applied", "step 1 done");
    }

    @Test
    void anIndexThatFailedAndCannotBeDroppedInTimeIsNamedAndDroppedByTheNextStart() throws Exception {
        // given a reader that a build does not wait for, but a DROP INDEX CONCURRENTLY does
        try (var application = database.connect()) {
            application.setAutoCommit(false);
            try (var statement = application.createStatement()) {
                statement.execute("SELECT FROM app.\"Messages\"");
            }
            var failure = migrations.failing("m", BUILD);
            assertThat(failure.sqlState()).isEqualTo("23505");
            assertThat(failure)
                    .hasMessageMatching(".* it left the INVALID index app\\.cairn_drop_\\d+"
                            + " \\(renamed from app\\.\"Messages by Id\"\\), which could not be dropped .*")
                    .hasMessageContaining("The next start drops it");
            assertThat(validIndexes()).containsExactly("f");
            application.commit();
        }

        database.execute("DELETE FROM app.\"Messages\" WHERE id = 2");
        assertThat(migrations.schema("m", BUILD).reason()).isEqualTo(Reason.Applied);
        assertThat(validIndexes()).containsExactly("t");
    }

    @Test
    void anIndexThatSomebodyMendsWhileItsDropWaitsIsKept() throws Exception {
        // given a build that waits for a writer, and somebody who waits for the table behind the build
        migrations.locks(60_000, 60_000);
        try (var writer = database.connect();
                var mender = database.connect()) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("INSERT INTO app.\"Messages\" VALUES (3)");
            var started = migrations.start("m", BUILD);
            await().until(() -> started.progress().progress().activity() == Activity.Waiting);
            mender.setAutoCommit(false);
            var mended = CompletableFuture.runAsync(() -> mend(mender));
            await().until(() -> waitsForATable("application_name NOT LIKE 'cairn %'"));

            // when the build fails over a duplicate, and its index is mended while the drop waits
            writer.commit();
            await().until(() -> waitsForATable("application_name LIKE 'cairn %'"));
            mended.join();
            mender.commit();

            // then the index is valid, and the failure says that it is there
            assertThatThrownBy(() -> started.result().get())
                    .hasMessageContaining("could not create unique index")
                    .hasMessageContaining(
                            "index app.\"Messages by Id\" that this left was mended or dropped by somebody");
        }
        assertThat(validIndexes()).containsExactly("t");
        assertThat(migrations.schema("m", BUILD).reason()).isEqualTo(Reason.Applied);
    }

    private static void mend(Connection connection) {
        try (var statement = connection.createStatement()) {
            statement.execute("LOCK TABLE app.\"Messages\" IN SHARE UPDATE EXCLUSIVE MODE");
            statement.execute("DELETE FROM app.\"Messages\" WHERE id = 2");
            statement.execute("REINDEX INDEX app.\"Messages by Id\"");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anEditedBuildLeavesNoInvalidIndexBehind() throws Exception {
        migrations.failing("m", BUILD);

        migrations.schema("m", "CREATE INDEX by_id ON app.\"Messages\" (id)");

        assertThat(validIndexes()).containsExactly("t");
        assertThat(database.value("SELECT count(*) FROM pg_class WHERE relname = 'Messages by Id'"))
                .isEqualTo("0");
    }

    @Test
    void anInvalidIndexOfSomebodyElseIsLeftAlone() {
        assertThatThrownBy(() -> database.execute(BUILD)).isInstanceOf(IllegalStateException.class);

        for (var sql : new String[] {BUILD, BUILD.replace("CONCURRENTLY", "CONCURRENTLY IF NOT EXISTS")}) {
            var failure = migrations.failing("m", sql);
            assertThat(failure.reason()).isEqualTo(Reason.InvalidSpec);
            assertThat(failure)
                    .hasMessageContaining("index app.\"Messages by Id\" exists but is INVALID")
                    .hasMessageContaining("DROP INDEX CONCURRENTLY app.\"Messages by Id\"");
        }
        assertThat(validIndexes()).containsExactly("f");
    }

    @Test
    void aBuildWhoseSessionDiesIsBegunAgainInTheSameRun() throws Exception {
        // given a build that waits for an old transaction
        database.execute("DELETE FROM app.\"Messages\" WHERE id = 2");
        try (var application = database.connect()) {
            application.setAutoCommit(false);
            try (var statement = application.createStatement()) {
                statement.execute("INSERT INTO app.\"Messages\" VALUES (3)");
            }
            var started = migrations.start("m", BUILD);
            await().until(() -> started.progress().progress().activity() == Activity.Waiting);
            assertThat(validIndexes()).containsExactly("f");

            // when its backend is killed
            database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CREATE UNIQUE%'"
                    + " AND pid <> pg_backend_pid()");
            application.commit();

            // then the run goes on by itself
            assertThat(started.result().get().reason()).isEqualTo(Reason.Applied);
        }
        assertThat(validIndexes()).containsExactly("t");
        assertThat(database.value("SELECT attempts FROM cairn.migration")).isEqualTo("1");
    }

    @Test
    void aFileWithSuchStatementsIsCarriedOutInParts() throws Exception {
        migrations.schema("m", """
            SET search_path = app;
            CREATE TABLE t (a int);
            CREATE INDEX CONCURRENTLY t_a ON t (a);
            DROP INDEX CONCURRENTLY t_a;
            VACUUM t;
            REINDEX TABLE CONCURRENTLY t;
            CREATE TABLE u (a int);
            """);

        assertThat(migrations.ledger("m")).hasSize(7).contains("step 1, part 6 of 6 done");
        assertThat(database.query("SELECT 1 FROM pg_tables WHERE schemaname = 'app' AND tablename IN ('t', 'u')"))
                .hasSize(2);
    }

    @Test
    void aPartitionIsDetachedAndAPendingDetachIsFinalized() throws Exception {
        database.execute(
                "CREATE TABLE app.p (a int) PARTITION BY LIST (a)",
                "CREATE TABLE app.p1 PARTITION OF app.p FOR VALUES IN (1)",
                "INSERT INTO app.p VALUES (1)");
        try (var application = database.connect()) {
            application.setAutoCommit(false);
            try (var statement = application.createStatement()) {
                statement.execute("SELECT FROM app.p");
            }
            var started = migrations.start("m", "ALTER TABLE app.p DETACH PARTITION app.p1 CONCURRENTLY");
            await().until(() -> "t".equals(database.value("SELECT inhdetachpending FROM pg_inherits")));
            database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'ALTER TABLE%'"
                    + " AND pid <> pg_backend_pid()");
            application.commit();

            assertThat(started.result().get().reason()).isEqualTo(Reason.Applied);
        }
        assertThat(database.query("SELECT 1 FROM pg_inherits")).isEmpty();
    }

    @Test
    void anInterruptedCallIsNotRepeatedBeforeSomebodyLooked() throws Exception {
        database.execute("CREATE TABLE calls (n int)", """
            CREATE PROCEDURE slow() LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO calls VALUES (1); COMMIT; PERFORM pg_sleep(CASE (SELECT count(*) FROM calls)
                WHEN 1 THEN 600 ELSE 0 END); END $$
            """);
        var started = migrations.start("m", "CALL slow()");
        await().until(() -> database.query("SELECT 1 FROM calls").size() == 1);
        database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CALL%'"
                + " AND pid <> pg_backend_pid()");

        assertThatThrownBy(() -> started.result().get()).hasMessageContaining("It is unknown whether it took effect");
        assertThat(migrations.ledger("m")).containsExactly("failed");
        assertThat(database.query("SELECT 1 FROM calls")).hasSize(1);

        assertThat(migrations.schema("m", "CALL slow()").reason()).isEqualTo(Reason.Applied);
    }

    private boolean waitsForATable(String who) {
        return !database.query("SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted"
                        + " AND locktype = 'relation' AND datname = current_database() AND " + who)
                .isEmpty();
    }

    private List<String> validIndexes() {
        return database.query("SELECT indisvalid FROM pg_index WHERE indrelid = 'app.\"Messages\"'::regclass");
    }
}
