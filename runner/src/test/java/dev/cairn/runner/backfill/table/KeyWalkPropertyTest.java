package dev.cairn.runner.backfill.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.cases.Any;
import dev.cairn.cases.Cases;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whatever the keys, the batch size, the order and the number of workers: each row is in exactly one batch. */
class KeyWalkPropertyTest {
    private static final List<String> ODD =
            List.of("", " ", "'", "\"", "\\", "{}", "NULL", "null", ",", "(", "?", "$1", ":batch", "ä", "😀");

    record RowKey(int a, String b) {}

    @Test
    void eachRowIsInExactlyOneBatch() {
        Cases.check(25, any -> walk(keys(any), any.integer(1, 9), any.of(Settings.Order.values()), any.integer(1, 3)));
    }

    private static void walk(Set<RowKey> keys, int batch, Settings.Order order, int workers) throws SQLException {
        try (var database = TestDatabase.create()) {
            database.execute(
                    "CREATE TABLE t (b text, n int NOT NULL DEFAULT 0, a int, filler text DEFAULT repeat('x', 1500),"
                            + " PRIMARY KEY (a, b))",
                    "CREATE TABLE batches (size int)",
                    "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS "
                            + "'BEGIN INSERT INTO batches SELECT count(*) FROM changed; RETURN NULL; END'",
                    "CREATE TRIGGER note AFTER UPDATE ON t REFERENCING NEW TABLE AS changed "
                            + "FOR EACH STATEMENT EXECUTE FUNCTION note()");
            insert(database, keys);
            database.pretendRows(5000);

            var outcome = new RunnerFolder(database)
                    .pace(new Settings.Pace(60_000, batch, batch, batch, null, workers, order))
                    .backfill("t", "UPDATE t SET n = n + 1 WHERE :batch")
                    .run();

            assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
            assertThat(database.query("SELECT n FROM t WHERE n <> 1")).isEmpty();
            assertThat(outcome.progress().walked()).isEqualTo(keys.size());
            assertThat(database.query("SELECT size FROM batches WHERE size > " + batch))
                    .isEmpty();
        }
    }

    private static void insert(TestDatabase database, Set<RowKey> keys) throws SQLException {
        try (var connection = database.connect();
                var insert = connection.prepareStatement("INSERT INTO t (a, b) VALUES (?, ?)")) {
            for (var key : keys) {
                insert.setInt(1, key.a);
                insert.setString(2, key.b);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Few leading values, so that many keys share one; texts that quoting could break. PostgreSQL has no NUL. */
    private static Set<RowKey> keys(Any any) {
        return any.some(
                        120,
                        () -> new RowKey(any.integer(-3, 3), any.random().nextBoolean() ? any.of(ODD) : any.text(5)))
                .collect(Collectors.toSet());
    }
}
