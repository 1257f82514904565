package dev.cairn.runner.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cairn.plan.Mounts;
import dev.cairn.plan.Outcome;
import dev.cairn.plan.Progress;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Work;
import dev.cairn.runner.ContainerProcess;
import dev.cairn.runner.RunnerFolder;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.end.Stop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher alone, with this side's files written by hand. */
class LauncherTest {
    private static final BeginFile BEGUN =
            BeginFile.of(Map.of("PGHOST", "db"), "chat/DataMigration/it", new UUID(1, 2), "7", "cairn");
    private static final Outcome APPLIED = new Outcome(Reason.Applied, "done", null, null, Progress.NONE);

    private final TestDatabase database = TestDatabase.create();
    private final RunnerFolder folder =
            new RunnerFolder(database).container(new Work.Container("i", List.of("c"), List.of(), null));
    private final Handover handover = new Handover(folder.at(Mounts.RUN));

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void theCommandStartsOnceTheMigrationHasBegunAndFindsItsCheckpoint() {
        var container = folder.startContainer(
                shell("echo $CAIRN_MIGRATION $CAIRN_TOKEN $CAIRN_CHECKPOINT $CAIRN_LEDGER $PGHOST"));
        handover.begin(BEGUN);
        assertThat(awaitEnded()).isEqualTo(new EndFile(0, false, null, null));
        assertThat(container.output())
                .isEqualTo("chat/DataMigration/it 00000000-0000-0001-0000-000000000002 7 cairn db\n");
        assertThat(container.isAlive()).isTrue();
        conclude(APPLIED);
        assertThat(container.exitCode()).isZero();
        assertThat(container.outcome()).isEqualTo(APPLIED);
    }

    @Test
    void aMigrationThatIsOverBeforeItBeginsStartsNoCommand() {
        conclude(new Outcome(Reason.CredentialsMissing, "no key", null, null, Progress.NONE));
        var container = folder.startContainer(shell("echo started"));
        assertThat(container.exitCode()).isEqualTo(75);
        assertThat(container.output()).isEmpty();
    }

    @Test
    void theExitCodeAndTheLastWordsAreTold() {
        handover.begin(BEGUN);
        folder.startContainer(shell("echo row 7 is broken > $TERMINATION_LOG; exit 3"));
        assertThat(awaitEnded()).isEqualTo(new EndFile(3, false, null, "row 7 is broken"));
    }

    @Test
    void aCommandThatIsKilledIsToldAsShellsDo() {
        handover.begin(BEGUN);
        folder.startContainer(shell("kill -KILL $$"));
        assertThat(awaitEnded()).isEqualTo(new EndFile(137, false, null, null));
    }

    @Test
    void aCommandThatIsNotThereIsAnErrorOfItsOwn() {
        handover.begin(BEGUN);
        folder.startContainer(List.of("/no/such/program"));
        assertThat(awaitEnded().error()).contains("/no/such/program: no such file or directory");
    }

    @Test
    void aStopIsPassedOnAndTold() {
        handover.begin(BEGUN);
        var container = folder.startContainer(shell("trap 'exit 0' TERM; echo up; while :; do sleep 0.05; done"));
        await().until(() -> container.output().equals("up\n"));
        container.terminate();
        assertThat(awaitEnded()).isEqualTo(new EndFile(0, true, null, null));
        conclude(new Outcome(Reason.Stopped, "stopped", null, null, Progress.NONE));
        assertThat(container.exitCode()).isEqualTo(143);
    }

    @Test
    void aStopBeforeTheBeginningStartsNoCommand() {
        var container = folder.startContainer(shell("echo started"));
        // The handler is set before the first look; a signal before that ends the process with the same code.
        container.terminate();
        assertThat(container.exitCode()).isEqualTo(143);
        assertThat(container.output()).isEmpty();
    }

    @Test
    void aMigrationThatAnotherStartTookOverStopsItsCommand() {
        handover.begin(BEGUN);
        var container =
                folder.startContainer(shell("trap 'echo stopped; exit 0' TERM; echo up; while :; do sleep 0.05; done"));
        await().until(() -> container.output().equals("up\n"));
        conclude(new Outcome(Reason.Fenced, "taken over", null, null, Progress.NONE));
        assertThat(container.exitCode()).isEqualTo(75);
        assertThat(container.output()).endsWith("stopped\n");
        assertThat(handover.ended()).isEmpty();
    }

    @Test
    void itCopiesItselfToWhereTheContainerFindsIt(@TempDir Path elsewhere) throws Exception {
        var copy = elsewhere.resolve("launch");
        var installed = new ProcessBuilder(ContainerProcess.launcher().toString(), "install", copy.toString()).start();
        assertThat(installed.waitFor()).isZero();
        assertThat(Files.isExecutable(copy)).isTrue();
        assertThat(Files.mismatch(copy, ContainerProcess.launcher())).isEqualTo(-1);
    }

    private EndFile awaitEnded() {
        return await().until(handover::ended, Optional::isPresent).orElseThrow();
    }

    /** As the process beside it does, without waiting for the pod's end. */
    private void conclude(Outcome outcome) {
        Thread.ofPlatform().daemon().start(() -> handover.conclude(() -> outcome, new Stop()));
        await().until(() -> Files.exists(folder.at(Mounts.RUN).resolve("end.json")));
    }

    private static List<String> shell(String script) {
        return List.of("sh", "-c", script);
    }
}
