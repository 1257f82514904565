package dev.cairn.runner.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The database, the runner's machine and the rows each have a time zone of their own. */
class TimeZonesTest {
    private final TestDatabase database = TestDatabase.create();
    private final TimeZone before = TimeZone.getDefault();

    @BeforeEach
    void faraway() {
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
        database.execute("ALTER DATABASE " + database.name() + " SET timezone = 'America/St_Johns'");
    }

    @AfterEach
    void back() {
        TimeZone.setDefault(before);
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"timestamptz", "timestamp", "date", "timetz"})
    void keysAndValuesMeanWhatTheyMeanInTheDatabase(String type) {
        // given rows about the hour that exists twice, most of which are on another day in Tokyo
        database.execute(
                "CREATE TABLE t (at " + type + ", id int, n int NOT NULL DEFAULT 0, moment timestamptz, day date,"
                        + " PRIMARY KEY (at, id))",
                "INSERT INTO t SELECT (timestamptz '2025-11-02 01:30:00Z' + g * interval '7 minutes')::" + type
                        + ", g, 0,"
                        + " timestamptz '2025-11-02 01:30:00Z' + g * interval '7 minutes' FROM generate_series(0, 299) g");
        var folder = new RunnerFolder(database).pace(new Settings.Pace(1000, 7, 7, 7, null));

        // when a walk ends in its middle, the database moves to another zone, and it goes on
        var failed = folder.backfill(
                        "t", "UPDATE t SET n = n + 1, day = moment::date WHERE 1 / (id - 150) IS NOT NULL AND :batch")
                .run();
        assertThat(failed.sqlState()).as(failed.message()).isEqualTo("22012");
        assertThat(database.query(
                        "SELECT DISTINCT day = (moment AT TIME ZONE 'America/St_Johns')::date FROM t WHERE n = 1"))
                .containsExactly("t");
        database.execute("ALTER DATABASE " + database.name() + " SET timezone = 'Europe/Lisbon'");
        var outcome =
                folder.backfill("t", "UPDATE t SET n = n + 1 WHERE :batch").run();

        // then each row was changed once
        assertThat(outcome.reason()).as(outcome.message()).isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                .containsExactly("1: 300");
    }
}
