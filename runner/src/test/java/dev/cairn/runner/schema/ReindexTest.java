package dev.cairn.runner.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Reason;
import dev.cairn.runner.TestDatabase;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** REINDEX CONCURRENTLY, interrupted before and after it exchanges the old index for the new one. */
class ReindexTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final Migrations migrations = new Migrations(database);
    private Connection application;

    @BeforeEach
    void createTablesAndAnApplication() throws Exception {
        database.execute(
                "CREATE SCHEMA app",
                "CREATE TABLE app.\"Messages\" (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE app.p1 PARTITION OF app.\"Messages\" FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE app.p2 PARTITION OF app.\"Messages\" FOR VALUES FROM (10) TO (20)",
                "CREATE INDEX \"by Id\" ON app.\"Messages\" (id)",
                "INSERT INTO app.\"Messages\" VALUES (1), (11)");
        application = database.connect();
        application.setAutoCommit(false);
    }

    @AfterEach
    void closeTheApplication() throws Exception {
        application.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "REINDEX INDEX CONCURRENTLY app.p1_id_idx",
                "REINDEX INDEX CONCURRENTLY app.\"by Id\"",
                "REINDEX TABLE CONCURRENTLY app.p1",
                "REINDEX (VERBOSE, CONCURRENTLY) TABLE app.p1",
                "REINDEX SCHEMA CONCURRENTLY app",
                "REINDEX DATABASE CONCURRENTLY %s"
            })
    void aNewIndexThatAnInterruptedAttemptLeftIsClearedAway(String sql) throws Exception {
        // given an attempt that waits for a writer, with its new index there
        execute("INSERT INTO app.p1 VALUES (2)");
        var started = migrations.start("m", sql.formatted(database.name()));
        await().until(() -> invalid().equals(List.of("p1_id_idx_ccnew")));

        // when its session dies
        killTheReindex();
        application.commit();

        // then the run goes on, and leaves nothing but what was there
        assertThat(started.result().get().reason()).isEqualTo(Reason.Applied);
        assertThat(indexes()).containsExactly("by Id t", "p1_id_idx t", "p2_id_idx t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"REINDEX INDEX CONCURRENTLY app.p1_id_idx", "REINDEX TABLE CONCURRENTLY app.\"Messages\""})
    void anOldIndexThatAnInterruptedAttemptLeftIsClearedAway(String sql) throws Exception {
        // given an attempt that has exchanged the indexes and waits for a reader of the old one
        execute("SELECT FROM app.p1");
        var started = migrations.start("m", sql);
        await().until(() -> invalid().equals(List.of("p1_id_idx_ccold")));

        killTheReindex();
        application.commit();

        assertThat(started.result().get().reason()).isEqualTo(Reason.Applied);
        assertThat(indexes()).containsExactly("by Id t", "p1_id_idx t", "p2_id_idx t");
    }

    @Test
    void whatAnEditedReindexLeftIsClearedAwayToo() throws Exception {
        execute("INSERT INTO app.p1 VALUES (2)");
        var started = migrations.start("m", "REINDEX TABLE CONCURRENTLY app.p1");
        await().until(() -> invalid().equals(List.of("p1_id_idx_ccnew")));
        started.stop().request();
        await().until(() -> started.result().isCompletedExceptionally());
        application.commit();
        assertThat(invalid()).containsExactly("p1_id_idx_ccnew");

        assertThat(migrations.schema("m", "SELECT 1").reason()).isEqualTo(Reason.Applied);

        assertThat(invalid()).isEmpty();
    }

    @Test
    void whatSomebodyElseLeftIsLeftAlone() throws Exception {
        // given the leftover of a REINDEX by hand
        execute("INSERT INTO app.p1 VALUES (2)");
        try (var person = database.connect()) {
            var byHand = Thread.ofVirtual().start(() -> {
                try (var statement = person.createStatement()) {
                    statement.execute("REINDEX TABLE CONCURRENTLY app.p1");
                } catch (java.sql.SQLException expected) {
                    assertThat(expected.getSQLState()).isEqualTo("57P01");
                }
            });
            await().until(() -> invalid().equals(List.of("p1_id_idx_ccnew")));
            killTheReindex();
            byHand.join();
        }
        application.commit();

        var failure = migrations.failing("m", "REINDEX TABLE CONCURRENTLY app.p1");

        assertThat(failure.reason()).isEqualTo(Reason.InvalidSpec);
        assertThat(failure)
                .hasMessageContaining("app.p1_id_idx_ccnew is INVALID")
                .hasMessageContaining("DROP INDEX CONCURRENTLY app.p1_id_idx_ccnew");
        assertThat(invalid()).containsExactly("p1_id_idx_ccnew");

        // and an index of a table that is not meant is nobody's business here
        assertThat(migrations.schema("n", "REINDEX TABLE CONCURRENTLY app.p2").reason())
                .isEqualTo(Reason.Applied);
        assertThat(invalid()).containsExactly("p1_id_idx_ccnew");
    }

    private void execute(String sql) throws Exception {
        try (var statement = application.createStatement()) {
            statement.execute(sql);
            // Ends what was read before, as its next query would: a snapshot is not what is waited for here.
            statement.execute("SET application_name = 'web'");
        }
    }

    private void killTheReindex() {
        assertThat(database.query("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                        + " WHERE query LIKE 'REINDEX%' AND pid <> pg_backend_pid()"
                        + " AND datname = current_database()"))
                .containsExactly("t");
    }

    private List<String> invalid() {
        return database.query("SELECT indexrelid::regclass::name FROM pg_index WHERE NOT indisvalid").stream()
                .map(name -> name.replaceFirst("^app\\.", ""))
                .toList();
    }

    private List<String> indexes() {
        return database.query("SELECT c.relname || ' ' || i.indisvalid::text::char FROM pg_index i"
                + " JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = 'app'::regnamespace ORDER BY 1");
    }
}
