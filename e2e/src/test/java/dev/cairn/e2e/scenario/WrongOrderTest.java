package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Dependencies that cannot be met: what waits says for whom, without a Job, and starts by itself once it may. */
@OnCluster
@Execution(ExecutionMode.CONCURRENT)
class WrongOrderTest {
    private static final String FIRST = "SchemaMigration/first";
    private static final String SECOND = "SchemaMigration/second";
    private static final String CREATE = Written.schema("first", "CREATE TABLE moods (name text PRIMARY KEY)");
    private static final String ALTER = Written.schema("second", "ALTER TABLE moods ADD COLUMN emoji text");

    @Test
    void aDependencyThatDoesNotExistIsWaitedFor(Scenario scenario) throws Exception {
        // given a migration after one that nobody has applied
        scenario.apply(Written.TARGET);
        scenario.apply(Written.dependingOn("SchemaMigration", "first", ALTER));

        // then it waits and names it
        assertThat(scenario.awaitMessage(SECOND, "Waiting/DependencyNotFound"))
                .contains("SchemaMigration/first", "does not exist", "create it, or correct dependsOn");
        assertThat(scenario.footprint().jobs(SECOND)).isZero();

        // and follows it once it is there
        scenario.apply(CREATE);
        scenario.await(SECOND, Phase.Applied);
        assertThat(scenario.ledger()).extracting(LedgerRow::reference).containsExactly(FIRST, SECOND);
    }

    @Test
    void theDependentsOfAFailedMigrationSayWhichOneToLookAt(Scenario scenario) {
        // given a migration that fails, and one after it
        scenario.apply(Written.TARGET);
        scenario.apply(Written.dependingOn("SchemaMigration", "first", ALTER));
        scenario.apply(Written.schema("first", "CREATE TABEL moods (name text)"));

        // then the dependent waits for its recovery
        scenario.awaitMessage(FIRST, "Failed/SqlError");
        scenario.await(
                SECOND,
                "a word about the failure",
                found -> Migrations.message(found).contains("whose phase is Failed"));
        assertThat(scenario.awaitMessage(SECOND, "Waiting/DependencyNotReady"))
                .contains("SchemaMigration/first", "whose phase is Failed", "its own message says what to do");
        assertThat(scenario.footprint().jobs(SECOND)).isZero();

        // and follows it
        scenario.apply(CREATE);
        scenario.await(SECOND, Phase.Applied);
    }

    @Test
    void aCycleFailsWithTheWayRoundAndEndsWhenItIsBroken(Scenario scenario) throws Exception {
        // given two migrations that wait for each other
        scenario.apply(Written.TARGET);
        scenario.apply(Written.dependingOn("SchemaMigration", "second", CREATE));
        scenario.apply(Written.dependingOn("SchemaMigration", "first", ALTER));

        // then both say so, and how the way leads back
        assertThat(scenario.awaitMessage(FIRST, "Failed/DependencyCycle"))
                .contains("SchemaMigration/first → SchemaMigration/second → SchemaMigration/first", "take one");
        assertThat(scenario.awaitMessage(SECOND, "Failed/DependencyCycle"))
                .contains("SchemaMigration/second → SchemaMigration/first → SchemaMigration/second");
        assertThat(scenario.footprint().jobs(FIRST) + scenario.footprint().jobs(SECOND))
                .isZero();

        // and both run, in order, when one dependency is taken out
        scenario.apply(CREATE);
        scenario.await(SECOND, Phase.Applied);
        assertThat(scenario.ledger()).extracting(LedgerRow::reference).containsExactly(FIRST, SECOND);
    }

    @Test
    void stepsFromAConfigMapThatDoesNotExistAreWaitedFor(Scenario scenario) {
        // given a migration whose steps nobody has delivered
        scenario.apply(Written.TARGET);
        scenario.apply(StepsFromTest.FROM_CONFIG_MAP);

        // then it waits and names the ConfigMap
        assertThat(scenario.awaitMessage(StepsFromTest.FILES, "Waiting/DependencyNotFound"))
                .contains("ConfigMap/chat-sql", "does not exist", "create it, or correct stepsFrom");
        assertThat(scenario.footprint().jobs(StepsFromTest.FILES)).isZero();

        // and runs once it is there
        scenario.apply(Written.configMap("chat-sql", "1_moods.sql", "CREATE TABLE moods (name text PRIMARY KEY)"));
        scenario.await(StepsFromTest.FILES, Phase.Applied);
    }
}
