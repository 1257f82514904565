package dev.cairn.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.crds.Phase;
import dev.cairn.e2e.Project;
import dev.cairn.e2e.demo.Messages;
import dev.cairn.plan.Json;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Programs of users' own in place of SQL, with the images of examples/02-containers. */
@OnCluster
class ContainerTest {
    /** {@code -Dcairn.seed=…} repeats the random moments of a run. */
    private static final long SEED = Long.getLong("cairn.seed", System.nanoTime());

    private static final int ROWS = 20_000;
    private static final String WORDS = "DataMigration/messages-fill-words";
    private static final String TONE = "DataMigration/messages-fill-tone";
    private static final String IMAGE = "ghcr.io/cairn-dev/example-fill-tone:0.1.0";
    private static final String TARGET = """
            apiVersion: cairn.dev/v1alpha1
            kind: MigrationTarget
            metadata: {name: chat}
            spec:
              scope: chat
              connection: {secretRef: {name: chat-db-app}}
              containers: {allowedImages: ["ghcr.io/cairn-dev/example-*"]}
            """;

    @Test
    void bothExamplesKilledInTheMiddleWriteEveryRowOnce(Scenario scenario) throws Exception {
        // given the example, on a table that is slow and counts how often each row is written
        ExampleImages.load(scenario.cluster());
        createMessages(scenario);
        apply(scenario);

        // when the container of each program, whichever has its turn, is killed twice at a random moment
        var kills = new HashMap<>(Map.of(WORDS, 0, TONE, 0));
        var random = new Random(SEED);
        while (kills.values().stream().anyMatch(count -> count < 2)) {
            long moment = random.nextLong(ROWS / 10, ROWS / 2);
            kills.merge(killSomewhere(scenario, kills, moment), 1, Integer::sum);
        }

        // then both end applied, in three attempts each, and what depends on them follows
        scenario.await("SchemaMigration/messages-require-words-and-tone", Phase.Applied);
        assertThat(scenario.value("SELECT string_agg(DISTINCT writes::text, ',') FROM messages"))
                .as("seed " + SEED)
                .isEqualTo("2");
        assertThat(scenario.footprint().pods(WORDS)).isEqualTo(3);
        assertThat(scenario.footprint().pods(TONE)).isEqualTo(3);

        // and the status shows the checkpoint that the programs wrote
        var status = scenario.await(WORDS, Phase.Applied).status();
        assertThat(status.attempts()).isEqualTo(3);
        assertThat(status.progress().rows()).isEqualTo(ROWS);
        assertThat(status.progress().estimatedRows()).isPositive();
        assertThat(status.display().progress()).isEqualTo("100%");
        assertThat(status.checkpoint().ranges().getFirst().cursor())
                .isEqualTo(scenario.value("SELECT max(id) FROM messages"));
    }

    @Test
    void aSuspendedContainerStopsAndGoesOnFromItsCheckpoint(Scenario scenario) throws Exception {
        // given a program in the middle
        ExampleImages.load(scenario.cluster());
        createMessages(scenario);
        apply(scenario);
        scenario.eventually("some words", () -> rows(scenario, WORDS) > ROWS / 10);

        // when it is suspended, then nothing runs any more and the status says how far it got
        scenario.kubectl()
                .run("patch", "dmig", "messages-fill-words", "--type=merge", "-p", "{\"spec\":{\"suspend\":true}}");
        scenario.await(WORDS, Phase.Suspended);
        scenario.eventually("no pod", () -> scenario.pods(WORDS).isEmpty());
        var rows = rows(scenario, WORDS);
        assertThat(rows).isBetween(1L, ROWS - 1L);

        // and when it may go on, it does so from there
        scenario.kubectl()
                .run("patch", "dmig", "messages-fill-words", "--type=merge", "-p", "{\"spec\":{\"suspend\":false}}");
        scenario.await(WORDS, Phase.Applied);
        assertThat(rows(scenario, WORDS)).isEqualTo(ROWS);
        scenario.await("SchemaMigration/messages-require-words-and-tone", Phase.Applied);
        assertThat(scenario.value("SELECT string_agg(DISTINCT writes::text, ',') FROM messages"))
                .isEqualTo("2");
    }

    @Test
    void aProgramThatSaysNotToTryAgainFailsAtOnceWithItsOwnWords(Scenario scenario) {
        ExampleImages.load(scenario.cluster());
        scenario.apply(TARGET);
        scenario.apply(
                python("broken", "open('/dev/termination-log', 'w').write('row 7 is broken'); raise SystemExit(65)"));
        assertThat(scenario.awaitMessage("DataMigration/broken", "Failed/ContainerFailed"))
                .contains("ended with exit code 65, which says not to try again: row 7 is broken");
        scenario.footprint().requires("DataMigration/broken", 1, 1);
    }

    @Test
    void aProgramThatCannotBeStartedIsSaid(Scenario scenario) {
        ExampleImages.load(scenario.cluster());
        scenario.apply(TARGET);
        scenario.apply(container("missing", IMAGE, "/no/such/program"));
        assertThat(scenario.awaitMessage("DataMigration/missing", "Failed/InvalidSpec"))
                .contains("cannot be started", "/no/such/program: no such file or directory");
    }

    @Test
    void anImageThatIsNotAllowedIsRefusedAndStartsNothing(Scenario scenario) {
        scenario.apply(Written.TARGET);
        scenario.apply(container("stranger", "registry.invalid/stranger:1", "/run"));
        assertThat(scenario.awaitMessage("DataMigration/stranger", "Failed/InvalidSpec"))
                .contains("MigrationTarget/chat allows no containers");

        // and once the target allows others, it says which
        scenario.apply(TARGET);
        scenario.await(
                "DataMigration/stranger",
                "a word about the pattern",
                found -> Migrations.message(found).contains("matches none of spec.containers.allowedImages"));
        assertThat(scenario.remains()).isEmpty();
    }

    @Test
    void theProgramRunsWithoutRightsAndFindsNoPasswordInItsEnvironment(Scenario scenario) throws Exception {
        ExampleImages.load(scenario.cluster());
        scenario.apply(TARGET);
        scenario.apply(python("look", """
                import os, psycopg2
                db = psycopg2.connect("")
                found = [name for name, value in os.environ.items() if value == open("/cairn/secret/password").read().strip()]
                token = os.path.exists("/var/run/secrets/kubernetes.io")
                with db, db.cursor() as sql:
                    sql.execute("CREATE TABLE seen AS SELECT %s::text[] AS passwords, %s AS token, %s AS uid", (found, token, os.getuid()))
                    sql.execute("SELECT cairn.checkpoint(%s, %s, %s, 'done')", [os.environ["CAIRN_" + n] for n in ("MIGRATION", "TOKEN", "CHECKPOINT")])
                """));
        scenario.await("DataMigration/look", Phase.Applied);
        assertThat(scenario.value("SELECT seen::text FROM seen")).isEqualTo("({},f,65532)");
        var pod = scenario.pods("DataMigration/look").getFirst();
        assertThat(containers(pod)).containsExactly("launcher", "checkpoint", "migration");
    }

    /** Kills the program that has got so many rows further in an attempt that nobody has killed yet; which one it was. */
    private static String killSomewhere(Scenario scenario, Map<String, Integer> kills, long moment) {
        var victim = new AtomicReference<String>();
        scenario.eventually(
                "a program past " + moment + " rows, after " + kills,
                () -> kills.keySet().stream()
                        .filter(reference -> kills.get(reference) < 2
                                && attempts(scenario, reference) == kills.get(reference) + 1
                                && rows(scenario, reference) >= Math.max(moment, kills.get(reference) * ROWS / 2))
                        .peek(victim::set)
                        .findFirst()
                        .isPresent());
        scenario.kill(scenario.runningPod(victim.get()));
        return victim.get();
    }

    private static List<String> containers(Pod pod) {
        var names = new ArrayList<String>();
        pod.getSpec().getInitContainers().forEach(container -> names.add(container.getName()));
        pod.getSpec().getContainers().forEach(container -> names.add(container.getName()));
        return names;
    }

    /** Slow enough to be met in the middle, and every row counts how often it is written. */
    private static void createMessages(Scenario scenario) throws SQLException {
        try (var connection = scenario.connect()) {
            Messages.create(connection, ROWS);
        }
        scenario.execute("""
                ALTER TABLE messages ADD COLUMN writes int NOT NULL DEFAULT 0;
                CREATE FUNCTION count_write() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    NEW.writes := OLD.writes + 1;
                    PERFORM pg_sleep(0.0005);
                    RETURN NEW;
                END $$;
                CREATE TRIGGER count_write BEFORE UPDATE ON messages FOR EACH ROW EXECUTE FUNCTION count_write();
                """);
    }

    private static void apply(Scenario scenario) throws IOException {
        try (var files = Files.list(Project.example("02-containers"))) {
            for (var file :
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList())
                scenario.apply(Files.readString(file));
        }
    }

    private static String python(String name, String program) {
        return container(name, IMAGE, "python3", "-c", program);
    }

    private static String container(String name, String image, String... command) {
        return """
                apiVersion: cairn.dev/v1alpha1
                kind: DataMigration
                metadata: {name: %s}
                spec:
                  targetRef: {name: chat}
                  container:
                    image: %s
                    command: %s
                """.formatted(name, image, Json.write(List.of(command)));
    }

    private static long attempts(Scenario scenario, String reference) {
        return number(scenario, "SELECT attempts FROM cairn.migration WHERE name = '%s'", reference);
    }

    private static long rows(Scenario scenario, String reference) {
        return number(scenario, "SELECT rows FROM cairn.checkpoint WHERE name = '%s'", reference);
    }

    /** 0 while there is no such row. */
    private static long number(Scenario scenario, String query, String reference) {
        try {
            if ("f".equals(scenario.value("SELECT to_regclass('cairn.checkpoint') IS NOT NULL"))) return 0;
            var value =
                    scenario.value("SELECT max(v) FROM (" + query.formatted(Migrations.name(reference)) + ") q (v)");
            return value == null ? 0 : Long.parseLong(value);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
