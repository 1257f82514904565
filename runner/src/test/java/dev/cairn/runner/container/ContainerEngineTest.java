package dev.cairn.runner.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Mounts;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.ContainerProcess;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.RunnerProcess;
import dev.cairn.runner.TestDatabase;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A pod as its processes: the runner beside, the launcher, and the user's program. A failure prints the seed;
 * {@code -Dcairn.chaos.seed} repeats its moments.
 */
class ContainerEngineTest {
    private static final int ROWS = 20_000;
    private static final List<String> SLEEP = shell("echo up; sleep 1000");

    private final long seed = Long.getLong("cairn.chaos.seed", System.nanoTime());
    private final TestDatabase database = TestDatabase.create();

    @BeforeEach
    void table() {
        database.execute(
                "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)",
                "INSERT INTO t SELECT g * 3 FROM generate_series(1, " + ROWS + ") g");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aProgramKilledAtAnyMomentChangesEachRowOnce() {
        // given pods that are killed at random moments, the program alone or together with the runner beside it
        var random = new Random(seed);
        long reached = 0;
        for (int kill = 0; kill < 6; kill++) {
            long from = reached;
            var pod = new Pod(Filler.command());
            long moment = reached + random.nextInt(0, 3000);
            await().pollInterval(Duration.ofMillis(2))
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> (rows() > from && rows() >= Math.min(moment, ROWS)) || !pod.container.isAlive());
            pod.container.kill();
            if (random.nextBoolean()) pod.beside.kill();
            else pod.beside.terminate();
            reached = rows();
        }

        // when one is left alone
        var pod = new Pod(Filler.command());

        // then it does the rest, and no row was left out or changed twice
        var outcome = pod.end();
        assertThat(outcome.reason()).as(said(pod)).isEqualTo(Reason.Applied);
        assertThat(outcome.progress().attempts()).isEqualTo(7);
        assertThat(outcome.progress().rows()).isEqualTo(ROWS);
        eachRowOnce();
    }

    @Test
    void theCheckpointIsShownAsProgressAndTheEndIsVerified() {
        var pod = new Pod(folder(Filler.command(), "SELECT NOT EXISTS (SELECT FROM t WHERE n <> 1)"), Filler.command());
        var progress = pod.end().progress();
        assertThat(List.of(progress.rows(), progress.walked(), progress.estimatedRows()))
                .as(said(pod))
                .containsExactly((long) ROWS, (long) ROWS, 20_000L);
        assertThat(progress.ranges()).singleElement().satisfies(range -> {
            assertThat(range.cursor()).isEqualTo(String.valueOf(3 * ROWS));
            assertThat(range.rows()).isEqualTo(ROWS);
        });
        assertThat(database.value("SELECT state FROM cairn.migration")).isEqualTo("applied");
    }

    @Test
    void aVerifyThatIsNotTrueFailsTheMigration() {
        var outcome = new Pod(folder(List.of("true"), "SELECT false"), List.of("true")).end();
        assertThat(outcome.reason()).isEqualTo(Reason.VerifyFailed);
        assertThat(database.value("SELECT state FROM cairn.migration")).isEqualTo("failed");
    }

    @Test
    void whatIsAppliedStartsNoProgram() {
        assertThat(new Pod(List.of("true")).end().reason()).isEqualTo(Reason.Applied);
        var again = new Pod(List.of("true"));
        assertThat(again.end().reason()).isEqualTo(Reason.AlreadyApplied);
        assertThat(again.container.exitCode()).isZero();
        assertThat(database.value("SELECT attempts FROM cairn.migration")).isEqualTo("1");
    }

    @Test
    void theExitCodeDecidesWhetherItIsTriedAgain() {
        var permanent = new Pod(shell("exit 65"));
        assertThat(permanent.container.exitCode()).isEqualTo(65);
        assertThat(permanent.end().reason()).isEqualTo(Reason.ContainerFailed);
        assertThat(database.value("SELECT state FROM cairn.migration")).isEqualTo("failed");

        // an edited one, as the API allows after a failure
        var mine = new Pod(shell("echo the input is gone > $TERMINATION_LOG; exit 3"));
        assertThat(mine.end().message())
                .isEqualTo("the container ended with exit code 3, which says not to try again: the input is gone");

        var crash = new Pod(shell("exit 1"));
        assertThat(crash.container.exitCode()).isEqualTo(75);
        assertThat(crash.end().reason()).isEqualTo(Reason.ContainerCrashed);
        assertThat(database.value("SELECT state FROM cairn.migration")).isEqualTo("running");

        var missing = new Pod(List.of("/no/such/program"));
        assertThat(missing.container.exitCode()).isEqualTo(65);
        assertThat(missing.end().message())
                .contains("cannot be started: fork/exec /no/such/program: no such file or directory; correct");
    }

    @Test
    void aPodThatStopsSavesAndIsNotTakenForDone() {
        var pod = new Pod(shell("trap 'exit 0' TERM; echo up; while :; do sleep 0.05; done"));
        await().until(() -> pod.container.output().equals("up\n"));
        pod.container.terminate();
        assertThat(pod.container.exitCode()).as(said(pod)).isEqualTo(143);
        assertThat(pod.end().reason()).isEqualTo(Reason.Stopped);
        pod.beside.terminate();
        assertThat(pod.beside.exitCode()).isEqualTo(143);
        assertThat(database.value("SELECT state FROM cairn.migration")).isEqualTo("running");
        assertThat(database.query("SELECT event FROM cairn.event ORDER BY id")).containsExactly("Started", "Stopped");
    }

    @Test
    void aLaterStartTakesOverAndTheEarlierProgramIsStopped() {
        var first = new Pod(SLEEP);
        await().until(() -> first.container.output().equals("up\n"));
        var second = new Pod(SLEEP);
        assertThat(first.container.exitCode()).as(said(first)).isEqualTo(75);
        assertThat(first.end().reason()).isEqualTo(Reason.Fenced);
        assertThat(second.container.isAlive()).isTrue();
        second.container.kill();
    }

    @Test
    void aRunnerThatIsKilledBesideTheProgramComesBackAndGoesOnWatching() {
        // given a program that waits for a word, and whose checkpoint is not there yet
        var pod = new Pod(shell("echo up; while [ ! -e $CAIRN_ROOT/go ]; do sleep 0.05; done"));
        await().until(() -> pod.container.output().equals("up\n"));

        // when the runner beside it dies, and the kubelet starts it again
        pod.beside.kill();
        var again = pod.folder.start("pod-again");
        write(pod, "go");

        // then it is the same start, and its end is recorded
        assertThat(pod.end().reason()).as(again.output()).isEqualTo(Reason.Applied);
        assertThat(database.value("SELECT attempts || ' ' || state FROM cairn.migration"))
                .isEqualTo("1 applied");
        again.kill();
    }

    @Test
    void aDatabaseThatIsGoneForAWhileDoesNotDisturbTheProgram() {
        var pod = new Pod(shell("echo up; while [ ! -e $CAIRN_ROOT/go ]; do sleep 0.05; done"));
        await().until(() -> pod.container.output().equals("up\n"));
        await().until(() -> !database.query(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'cairn %' AND datname = current_database()")
                .isEmpty());
        await().until(() -> pod.beside.output().contains("its progress is not known"));
        write(pod, "go");
        assertThat(pod.end().reason()).as(said(pod)).isEqualTo(Reason.Applied);
    }

    @Test
    void theProgramFindsThePasswordInAFileOfItsOwn() throws Exception {
        var pod = new Pod(shell("env; ls -l $PGPASSFILE; cat $PGPASSFILE"));
        pod.end();
        assertThat(pod.container.output())
                .contains("CAIRN_MIGRATION=test/DataMigration/it\n", "CAIRN_CHECKPOINT=\n", "PGUSER=postgres\n")
                .contains("localhost:" + database.port() + ":" + database.name() + ":postgres:postgres\n")
                .doesNotContain("PGPASSWORD");
        var file = pod.folder.at(Mounts.RUN).resolve("pgpass");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aMigrationThatIsUnderWayIsNotTradedForAnother() {
        var pod = new Pod(Filler.command());
        await().until(() -> rows() > 0);
        pod.container.kill();
        pod.beside.kill();
        var other = new Pod(List.of("true")).end();
        assertThat(other.reason()).isEqualTo(Reason.ChecksumMismatch);
        assertThat(other.message()).contains("is under way with another plan");
    }

    private RunnerFolder folder(List<String> command, String verify) {
        return new RunnerFolder(database).container(new Work.Container("fill:1", command, List.of(3), verify));
    }

    private long rows() {
        if (database.value("SELECT to_regclass('cairn.checkpoint') IS NOT NULL").equals("f")) return 0;
        return database.query("SELECT rows FROM cairn.checkpoint").stream()
                .mapToLong(Long::parseLong)
                .sum();
    }

    private void eachRowOnce() {
        assertThat(database.query("SELECT n || ': ' || count(*) FROM t GROUP BY n"))
                .as("seed " + seed)
                .containsExactly("1: " + ROWS);
    }

    private String said(Pod pod) {
        return "seed " + seed + " " + pod.container.output() + pod.beside.output();
    }

    private static void write(Pod pod, String name) {
        try {
            Files.createFile(pod.folder.at(java.nio.file.Path.of("/")).resolve(name));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> shell(String script) {
        return List.of("sh", "-c", script);
    }

    /** Both containers of a pod, each in its process. */
    private final class Pod {
        final RunnerFolder folder;
        final RunnerProcess beside;
        final ContainerProcess container;

        Pod(List<String> command) {
            this(folder(command, null), command);
        }

        Pod(RunnerFolder folder, List<String> command) {
            this.folder = folder;
            beside = folder.start("pod-1");
            Runtime.getRuntime().addShutdownHook(new Thread(beside::kill));
            container = folder.startContainer(command);
        }

        /** What the container said when it ended; the runner beside it is stopped then, as the kubelet does. */
        Outcome end() {
            var outcome = container.outcome();
            beside.terminate();
            return outcome;
        }
    }
}
