package dev.cairn.runner.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.HoldCondition;
import dev.cairn.runner.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queries that hold, and what becomes of those that cannot be answered. */
class QuerySignalTest {
    private final TestDatabase database = TestDatabase.create();

    @AfterEach
    void close() {
        database.close();
    }

    private String held(String sql, String above) {
        try (var looking = new Looking(database, sql)) {
            var held = looking.at(above == null ? Looking.query(sql) : Looking.query(sql, above));
            return held.isEmpty() ? "-" : held.getFirst();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            SELECT 62                           | 50   | query "SELECT 62" 62 > 50
            SELECT 50                           | 50   | -
            SELECT 0.75                         | 0.5  | query "SELECT 0.75" 0.75 > 0.5
            SELECT 7.5::float8                  | 7    | query "SELECT 7.5::float8" 7.5 > 7
            SELECT true                         | none | query "SELECT true" is true
            SELECT false                        | none | -
            SELECT '{"a": 1}'::jsonb ? 'a'      | none | query "SELECT '{"a": 1}'::jsonb ? 'a'" is true
            SELECT 1                            | none | query "SELECT 1" unknown: it returned a number, which needs a limit in above
            SELECT true                         | 1    | query "SELECT true" unknown: it returned a boolean, which has no limit: take above away
            """)
    void isComparedWithItsLimit(String sql, String above, String expected) {
        assertThat(held(sql, above)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SELECT NULL::bool                   | it returned NULL instead of one boolean or one number
            SELECT true WHERE false             | it returned no row instead
            SELECT true UNION ALL SELECT true   | it returned several rows instead
            SELECT true, true                   | it returned several columns instead
            SELECT 'x'::text                    | it returned a text instead
            SELECT nope                         | column "nope" does not exist; suspend this hold
            SELECT true; SELECT true            | it is not one query; suspend this hold
            CREATE TABLE x ()                   | it may only read: cannot execute CREATE TABLE in a read-only transaction
            SELECT nextval('s') > 0             | it may only read: cannot execute nextval() in a read-only transaction
            SELECT pg_sleep(60) IS NULL         | no answer in 3s (canceling statement due to statement timeout)
            SELECT set_config('transaction_read_only', 'off', true) = '' | transaction read-write mode
            COMMIT                              | COMMIT
            """)
    void holdsAndSaysWhyWhereItHasNoAnswer(String sql, String why) {
        database.execute("CREATE SEQUENCE s");
        assertThat(held(sql, null))
                .startsWith("query \"")
                .contains(" unknown: ")
                .contains(why);
    }

    @Test
    void aQueryThatThePlanDoesNotHaveHoldsUnlessItIsTheTargets() {
        try (var looking = new Looking(database)) {
            assertThat(looking.at(Looking.query("SELECT false")))
                    .singleElement()
                    .asString()
                    .contains("it is not in the plan that has started");
            assertThat(looking.at(new HoldCondition.Query("SELECT false", null, false)))
                    .isEmpty();
        }
    }
}
