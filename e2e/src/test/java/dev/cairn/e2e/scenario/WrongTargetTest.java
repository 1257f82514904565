package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a migration runs on is not there, or does not let it in: it says so, waits, and goes on once that is put right. */
@OnCluster
@Execution(ExecutionMode.CONCURRENT)
class WrongTargetTest {
    private static final String ADD = "SchemaMigration/add-moods";
    private static final String ADD_MOODS = Written.schema("add-moods", "CREATE TABLE moods (name text PRIMARY KEY)");

    @Test
    void withoutItsTargetAMigrationWaitsForIt(Scenario scenario) {
        // given no target
        // when a migration names one
        scenario.apply(ADD_MOODS);

        // then it waits and says for what, and no Job is made for it
        assertThat(scenario.awaitMessage(ADD, "Waiting/TargetNotFound"))
                .contains("MigrationTarget/chat", "does not exist", "create it, or correct targetRef");
        assertThat(scenario.footprint().jobs(ADD)).isZero();

        // and the target is all that it waited for
        scenario.apply(Written.TARGET);
        scenario.await(ADD, Phase.Applied);
        assertThat(scenario.footprint().jobs(ADD)).isEqualTo(1);
    }

    @Test
    void withoutTheTargetsSecretItTriesAgainUntilThereIsOne(Scenario scenario) throws SQLException {
        // given a target whose Secret nobody made
        scenario.apply(Written.target("chat", "chat", "forgotten"));

        // when a migration runs on it
        scenario.apply(ADD_MOODS);

        // then it says which Secret is missing, and what belongs in it
        assertThat(scenario.awaitMessage(ADD, "Running/Retrying"))
                .contains("Secret \"forgotten\"", "does not exist", "create it with the keys", "tries again by itself");

        // and goes on by itself once it is made
        scenario.apply(secret(scenario, "forgotten", scenario.server().password()));
        appliedByOneJobWithFewPods(scenario);
    }

    @Test
    void whereTheSecretLacksAKeyTheKeyIsNamed(Scenario scenario) throws SQLException {
        // given a Secret without a password
        scenario.apply(Written.target("chat", "chat", "half"));
        scenario.apply(Written.secret(
                "half", "host", "chat-db", "dbname", database(scenario), "username", database(scenario)));

        // when a migration runs with it
        scenario.apply(ADD_MOODS);

        // then it says what is missing where
        assertThat(scenario.awaitMessage(ADD, "Running/Retrying"))
                .contains("Secret \"half\" has no key \"password\"", "add it");

        // and goes on by itself once it is there
        scenario.apply(Written.secret("half", "password", scenario.server().password()));
        appliedByOneJobWithFewPods(scenario);
    }

    @Test
    void aWrongPasswordIsTheServersWordAndTheSecretsFault(Scenario scenario) throws SQLException {
        // given a Secret with a password that was changed since
        scenario.apply(Written.target("chat", "chat", "stale"));
        scenario.apply(secret(scenario, "stale", "yesterday's"));

        // when a migration runs with it
        scenario.apply(ADD_MOODS);

        // then it says what the server said, and which Secret to look at, without the password
        assertThat(scenario.awaitMessage(ADD, "Running/Retrying"))
                .contains(
                        "password authentication failed for user \"" + database(scenario), "28P01", "Secret \"stale\"")
                .doesNotContain("yesterday");

        // and goes on by itself with the right one
        scenario.apply(secret(scenario, "stale", scenario.server().password()));
        appliedByOneJobWithFewPods(scenario);
    }

    private static String database(Scenario scenario) throws SQLException {
        return String.valueOf(scenario.value("SELECT current_database()"));
    }

    private static String secret(Scenario scenario, String name, String password) throws SQLException {
        return Written.secret(
                name,
                "host",
                "chat-db",
                "dbname",
                database(scenario),
                "username",
                database(scenario),
                "password",
                password);
    }

    /** Its pods come at growing distances: while a person reads the message and acts there are one or two. */
    private static void appliedByOneJobWithFewPods(Scenario scenario) {
        scenario.await(ADD, Phase.Applied);
        assertThat(scenario.footprint().jobs(ADD)).isEqualTo(1);
        assertThat(scenario.footprint().pods(ADD)).isBetween(2L, 3L);
    }
}
