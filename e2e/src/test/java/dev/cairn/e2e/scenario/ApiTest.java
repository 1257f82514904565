package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The API as kubectl shows it: what it refuses and in which words, what it explains, and its short ways. */
@OnCluster
class ApiTest {
    private static final String SCHEMA = Written.schema("one", "SELECT 1");
    private static final String BACKFILL =
            Written.backfill("one", "UPDATE t SET a = 1 WHERE :batch", "over: {table: t}");
    private static final String CONTAINER = "  container: {image: fill, command: [/fill]}\n";
    private static final String ONCE = Written.backfill("one", "UPDATE t SET a = 1", "");

    @Test
    void whatCannotBeMeantIsRefusedAtOnceInWordsForPeople(Scenario scenario) {
        var kubectl = scenario.kubectl();
        refuses(
                kubectl,
                SCHEMA + "  stepsFrom:\n  - configMapRef: {name: files}\n",
                "exactly one of steps and stepsFrom");
        refuses(kubectl, SCHEMA.replaceAll("(?s)  steps:.*", ""), "exactly one of steps and stepsFrom");
        refuses(kubectl, SCHEMA.replaceAll("(?s)  steps:.*", "  steps: []\n"), "should have at least 1 items");
        refuses(kubectl, Written.dependingOn("SchemaMigration", "one", SCHEMA), "a migration cannot depend on itself");
        refuses(kubectl, Written.dependingOn("DataMigration", "one", BACKFILL), "a migration cannot depend on itself");
        refuses(
                kubectl,
                Written.dependingOn("Deployment", "web", SCHEMA),
                "supported values: \"DataMigration\", \"SchemaMigration\"");
        refuses(
                kubectl,
                BACKFILL.replace("  over: {table: t}", ""),
                "sql contains :batch, so over must name the table that is walked");
        refuses(kubectl, ONCE + "  over: {table: t}\n", "sql must contain :batch where over is given");
        refuses(
                kubectl,
                ONCE + "  verify: SELECT bool_and(a = 1) FROM t WHERE :batch\n",
                "verify contains :batch, so over must name the table that is walked");
        refuses(kubectl, BACKFILL + "  repeat: UntilVerified\n", "repeat: UntilVerified needs over and verify");
        refuses(
                kubectl,
                ONCE + "  verify: SELECT true\n  repeat: UntilVerified\n",
                "repeat: UntilVerified needs over and verify");
        refuses(kubectl, ONCE + "  onRowError: Skip\n", "onRowError: Skip needs over");
        refuses(
                kubectl,
                BACKFILL + "  verify: SELECT true\n  repeat: Forever\n",
                "supported values: \"Once\", \"UntilVerified\"");
        refuses(kubectl, ONCE + "  pace: {maxRowsPerSecond: 10}\n", "pace needs over");
        refuses(kubectl, ONCE + CONTAINER, "exactly one of sql and container");
        refuses(kubectl, ONCE.replaceAll("(?s)  sql:.*", ""), "exactly one of sql and container");
        refuses(kubectl, ONCE.replaceAll("(?s)  sql:.*", CONTAINER + "  over: {table: t}\n"), "over needs sql");
        refuses(
                kubectl,
                ONCE.replaceAll("(?s)  sql:.*", CONTAINER.replace("[/fill]", "[]")),
                "should have at least 1 items");
        refuses(kubectl, ONCE + "  mode: DryRun\n", "mode: DryRun needs over");
        refuses(kubectl, SCHEMA + "  stpes: []\n", ".spec.stpes: field not declared in schema");
        refuses(
                kubectl,
                BACKFILL.replace("{table: t}", "{table: t, keys: [id]}"),
                ".spec.over.keys: field not declared in schema");
        refuses(kubectl, Written.TARGET.replace("scope: chat", "scope: My Chat"), "spec.scope");
        refuses(kubectl, Written.TARGET + "    sslMode: verify-full\n", "verify-ca and verify-full need sslRootCert");
    }

    @Test
    void aDefaultMayBeWrittenOut(Scenario scenario) {
        for (var manifest : List.of(ONCE, BACKFILL))
            accepts(
                    scenario.kubectl(),
                    manifest + "  repeat: Once\n  onRowError: Fail\n  mode: Apply\n  suspend: false\n");
    }

    @Test
    void aPaceThatCannotBeKeptIsRefused(Scenario scenario) {
        var kubectl = scenario.kubectl();
        for (var duration : List.of("200", "200 ms", "1.5s", "-2s", "soon"))
            refuses(kubectl, paced("{batchDuration: '" + duration + "'}"), "spec.pace.batchDuration");
        for (var sizes : List.of("min: 500, max: 100", "initial: 500, max: 100", "initial: 5, min: 100"))
            refuses(kubectl, paced("{batchSize: {" + sizes + "}}"), "min <= initial <= max");
        refuses(kubectl, paced("{batchSize: {initial: 0}}"), "spec.pace.batchSize.initial");
        refuses(kubectl, paced("{maxRowsPerSecond: 0}"), "spec.pace.maxRowsPerSecond");
        refuses(kubectl, Written.TARGET + "  locks: {timeout: 2 s}\n", "spec.locks.timeout");
        refuses(kubectl, Written.TARGET + "  locks: {timeout: 0s}\n", "timeout is more than zero, such as 2s");
    }

    @Test
    void aHoldThatCannotBeMeantIsRefused(Scenario scenario) {
        var kubectl = scenario.kubectl();
        refuses(kubectl, held("signal: deadTuples, query: SELECT 1, above: 5"), "exactly one of signal and query");
        refuses(kubectl, held("above: 5"), "exactly one of signal and query");
        refuses(kubectl, held("signal: deadTuples"), "a signal needs its limit in above");
        refuses(kubectl, held("signal: moonPhase, above: 5"), "spec.pace.holdWhile[0].signal");
        for (var signal : List.of("replicationLag", "oldestTransaction"))
            for (var above : List.of("5", "'5'", "'0.5'"))
                refuses(kubectl, held("signal: " + signal + ", above: " + above), "above is a duration for");
        for (var what : List.of("signal: deadTuples", "signal: walToArchive", "query: SELECT 1"))
            refuses(kubectl, held(what + ", above: 5s"), "above is a number, such as 50");
        for (var above : List.of("soon", "'-5'", "'1e9'", "''", "5 s"))
            refuses(kubectl, held("query: SELECT 1, above: " + above), "spec.pace.holdWhile[0]");
        refuses(kubectl, held("signal: deadTuples, above: -5"), "above is zero or more");
        refuses(kubectl, held("signal: deadTuples, above: 3000000000"), "write a number above 2147483647 in quotes");
        refuses(kubectl, held("signal: deadTuples, above: '0.5'"), "above is a whole number");
        refuses(kubectl, held("signal: deadTuples, above: 5, replicas: 1"), "replicas goes with");
        refuses(kubectl, held("signal: replicationLag, above: 5s, replicas: 1, secretRef: {name: a}"), "replicas goes");
        refuses(kubectl, held("query: SELECT true, secretRef: {name: a}"), "secretRef goes with");
        refuses(
                kubectl,
                held("signal: replicationLag, above: 5s, secretRef: {name: ../a}"),
                "spec.pace.holdWhile[0].secretRef.name");
        var many = ", {query: SELECT true}".repeat(16);
        refuses(kubectl, paced("{holdWhile: [{query: SELECT true}%s]}".formatted(many)), "must have at most 16 items");
        accepts(kubectl, held("query: SELECT 1, above: '0.5'"));
    }

    private static String held(String hold) {
        return paced("{holdWhile: [{%s}]}".formatted(hold));
    }

    private static String paced(String pace) {
        return BACKFILL + "  pace: " + pace + "\n";
    }

    @Test
    void whatTheDatabaseRemembersATargetByCannotChange(Scenario scenario) {
        // given a target
        scenario.apply(Written.TARGET);

        // then neither its scope nor its ledger can become another one, and the rest can
        var kubectl = scenario.kubectl();
        refuses(
                kubectl,
                Written.target("chat", "talk", "chat-db-app"),
                "scope cannot change: the database records what ran under this name");
        refuses(kubectl, Written.TARGET + "  ledger: {schema: other}\n", "the ledger cannot move");
        var renamed = kubectl.apply(Written.target("chat", "chat", "another-secret"), "--force-conflicts");
        assertThat(renamed.refused()).as(renamed.text()).isFalse();
    }

    @Test
    void whatNobodyHasLookedAtSaysSo(Scenario scenario) {
        // when new objects are made (the operator sees nothing of a dry run)
        for (var manifest : List.of(SCHEMA, BACKFILL, Written.TARGET)) {
            var made = scenario.kubectl()
                    .apply(manifest, "--dry-run=server", "--output=jsonpath={.status.observedGeneration}");

            // then their status speaks of no generation of theirs
            assertThat(made.text()).isEqualTo("-1");
        }
    }

    @Test
    void everyFieldOfASpecIsExplained(Scenario scenario) throws Exception {
        // given what the API server publishes, which is what kubectl explain shows
        var schemas = new ObjectMapper()
                .readTree(scenario.client().raw("/openapi/v3/apis/cairn.dev/v1alpha1"))
                .at("/components/schemas");

        // then no field of a spec or a status is without a text
        var silent = new ArrayList<String>();
        for (var kind : List.of("MigrationTarget", "SchemaMigration", "DataMigration")) {
            var schema = schemas.get("dev.cairn.v1alpha1." + kind);
            assertThat(schema).as(kind).isNotNull();
            assertThat(schema.path("description").asText()).as(kind).isNotEmpty();
            for (var part : List.of("spec", "status"))
                collectSilent(kind + "." + part, schema.at("/properties/" + part), silent);
        }
        assertThat(silent).isEmpty();

        // and kubectl finds them under the short names
        assertThat(explained(scenario, "dmig.spec.over.table"))
                .contains("KIND: DataMigration", "An SQL name, quoted and qualified as PostgreSQL reads it");
        assertThat(explained(scenario, "smig.spec.steps.sql")).contains("separated by semicolons");
        assertThat(explained(scenario, "mtgt.spec.scope")).contains("Cannot change");
    }

    /** On one line: kubectl wraps a description anywhere. */
    private static String explained(Scenario scenario, String field) {
        return scenario.kubectl().run("explain", field).text().replaceAll("\\s+", " ");
    }

    /** What lies within Kubernetes' own types keeps Kubernetes' texts. */
    private static void collectSilent(String path, JsonNode schema, List<String> silent) {
        for (var field : schema.path("properties").properties()) {
            var here = path + "." + field.getKey();
            if (here.contains(".job.")) continue;
            if (field.getValue().path("description").asText().isBlank()) silent.add(here);
            collectSilent(here, field.getValue(), silent);
            collectSilent(here + "[]", field.getValue().path("items"), silent);
        }
    }

    @Test
    void kubectlListsThemUnderTheirShortWays(Scenario scenario) {
        // given one of each, none of which can run
        var kubectl = scenario.kubectl();
        scenario.apply(Written.target("main", "chat", "chat-db-app") + "  suspend: true\n");
        scenario.apply(SCHEMA.replace("{name: chat}", "{name: main}"));
        scenario.apply(ONCE.replace("{name: chat}", "{name: main}"));
        scenario.awaitMessage("SchemaMigration/one", "Suspended/TargetSuspended");
        scenario.awaitMessage("DataMigration/one", "Suspended/TargetSuspended");

        // then the category has both kinds of migration, with the columns of a migration
        var columns = "(?s).*NAME +TARGET +PHASE +REASON +PROGRESS +AGE.*";
        var withPace = "(?s).*NAME +TARGET +PHASE +REASON +PROGRESS +RATE +ETA +AGE.*";
        assertThat(kubectl.run("get", "migrations").text())
                .matches(columns)
                .matches(withPace)
                .contains("schemamigration.cairn.dev/one", "datamigration.cairn.dev/one", "TargetSuspended");
        // and each its short name; wide adds the message
        assertThat(kubectl.run("get", "smig").text()).matches(columns).contains("one");
        assertThat(kubectl.run("get", "dmig", "one", "-o", "wide").text())
                .contains("MESSAGE", "set spec.suspend of the target to false");
        assertThat(kubectl.run("get", "mtgt").text())
                .containsPattern("NAME +SCOPE +READY +SUSPENDED +APPLIED +RUNNING +WAITING +FAILED +AGE")
                .contains("main");
    }

    private static void accepts(Kubectl kubectl, String manifest) {
        var taken = kubectl.apply(manifest, "--dry-run=server");
        assertThat(taken.refused()).as(taken.text()).isFalse();
    }

    private static void refuses(Kubectl kubectl, String manifest, String words) {
        var answer = kubectl.apply(manifest, "--dry-run=server", "--force-conflicts");
        assertThat(answer.refused())
                .as("taken, though it is wrong:%n%s", manifest)
                .isTrue();
        assertThat(answer.text()).containsIgnoringCase(words);
    }
}
