package dev.cairn.runner.backfill.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.cases.Cases;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.plan.Settings.Order;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Stripes that are cut where batches become smaller, and runs that end at any batch and go on with another size, while rows
 * come and go in between: each row that stays is in exactly one batch, and none is larger than it may be.
 */
class CutStripesPropertyTest {
    private static final int ROWS = 3000;
    private static final int INTERRUPTIONS = 6;
    private static final int UNLIMITED = 1_000_000;

    @Test
    void eachRowThatStaysIsInExactlyOneBatch() {
        Cases.check(12, any -> walk(any.random()));
    }

    private static void walk(Random random) {
        try (var database = TestDatabase.create()) {
            table(database);
            var folder = new RunnerFolder(database).backfill("t", "UPDATE t SET n = n + 1 WHERE :batch");
            // given runs of so many batches, before one is rolled back for good
            Outcome outcome = run(folder, database, random, random.nextInt(2, 40));
            for (int start = 1; start < INTERRUPTIONS && outcome.reason() == Reason.LockTimeout; start++) {
                comeAndGo(database, random);
                outcome = run(folder, database, random, random.nextInt(2, 40));
            }
            if (outcome.reason() == Reason.LockTimeout) outcome = run(folder, database, random, UNLIMITED);

            assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
            assertThat(database.query("SELECT n || ' ' || a || ' ' || b FROM t WHERE n <> 1 AND NOT late"))
                    .isEmpty();
            assertThat(database.query("SELECT n FROM t WHERE n NOT IN (0, 1)")).isEmpty();
            assertThat(database.query("SELECT size FROM batches WHERE size > allowed"))
                    .isEmpty();
        }
    }

    private static Outcome run(RunnerFolder folder, TestDatabase database, Random random, int batches) {
        int most = random.nextInt(1, 90);
        database.execute("SELECT setval('budget', " + batches + ")", "UPDATE allowed SET most = " + most);
        var settings = database.settings();
        var pace = new Settings.Pace(60_000, most, 1, most, null, random.nextInt(1, 4), Order.Striped);
        return folder.write(new Settings(settings.connection(), new Settings.Locks(2000, 0), pace))
                .run();
    }

    private static void comeAndGo(TestDatabase database, Random random) {
        database.execute(
                "DELETE FROM t WHERE abs(hashint4(a * 1000 + length(b) + " + random.nextInt(1000) + ")) % 29 = 0",
                "INSERT INTO t (a, b, late) SELECT g % 5, 'late ' || g * 7 || random(), true FROM generate_series(1, "
                        + random.nextInt(1, 200) + ") g");
    }

    private static void table(TestDatabase database) {
        database.execute(
                "CREATE TABLE t (b text, n int NOT NULL DEFAULT 0, a int, late bool NOT NULL DEFAULT false, PRIMARY KEY (a, b))",
                "INSERT INTO t (a, b) SELECT g % 5, chr(33 + g % 90) || g FROM generate_series(1, " + ROWS + ") g",
                "ANALYZE t",
                "CREATE SEQUENCE budget INCREMENT -1 MINVALUE -1000000 MAXVALUE 1000000",
                "CREATE TABLE allowed (most int)",
                "INSERT INTO allowed VALUES (0)",
                "CREATE TABLE batches (size int, allowed int)",
                "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " INSERT INTO batches SELECT (SELECT count(*) FROM changed), most FROM allowed;"
                        + " IF nextval('budget') < 0 THEN RAISE SQLSTATE '40001'; END IF; RETURN NULL; END $$",
                "CREATE TRIGGER note AFTER UPDATE ON t REFERENCING NEW TABLE AS changed "
                        + "FOR EACH STATEMENT EXECUTE FUNCTION note()");
    }
}
