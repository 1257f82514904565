package dev.cairn.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.ExitCode;
import dev.cairn.plan.Mounts;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MainTest {
    private final TestDatabase database = TestDatabase.create();
    private final RunnerFolder folder = new RunnerFolder(database);

    @BeforeEach
    void plan() {
        database.execute("CREATE TABLE t (id int PRIMARY KEY, n int)", "INSERT INTO t VALUES (1)");
        folder.backfill("t", "UPDATE t SET n = 1 WHERE :batch");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aRunLeavesItsOutcomeAndExitsWithItsCode() {
        var runner = folder.start("pod-1");
        assertThat(runner.exitCode()).as(runner.output()).isEqualTo(ExitCode.DONE.code());
        assertThat(runner.outcome().reason()).isEqualTo(Reason.Applied);
        assertThat(runner.outcome().message()).isEqualTo("changed 1 rows, walked 1, in 1 attempt");
        assertThat(database.value("SELECT worker || ' ' || (worker_pid > 0) FROM cairn.migration"))
                .isEqualTo("pod-1 true");
    }

    /** A container has no LANG, as a rule; sessions are many. */
    @Test
    void theLogIsInUtf8AndSaysTheTimeZoneOnce() {
        database.execute("CREATE TABLE \"möbel\" (id int PRIMARY KEY)", "INSERT INTO \"möbel\" VALUES (1)");
        folder.backfill("\"möbel\"", "DELETE FROM \"möbel\" WHERE :batch");
        var runner = folder.start("pod-1", List.of("-Dstdout.encoding=US-ASCII"));
        assertThat(runner.exitCode()).as(runner.output()).isEqualTo(ExitCode.DONE.code());
        assertThat(runner.output()).contains("walk over public.\"möbel\" along").containsOnlyOnce("session: time zone");
    }

    @Test
    void aPlanThatFailsForGoodExitsSo() {
        folder.backfill("t", "UPDATE t SET nope = 1 WHERE :batch");
        var runner = folder.start("pod-1");
        assertThat(runner.exitCode()).isEqualTo(ExitCode.PERMANENT.code());
        assertThat(runner.outcome().sqlState()).isEqualTo("42703");
    }

    @Test
    void aPlanThatIsNotTheJobsIsNotRun() throws IOException {
        var mounted = folder.at(Mounts.PLAN).resolve(Mounts.planPart(0));
        var plan = Files.readAllBytes(mounted);
        folder.backfill("t", "UPDATE t SET n = 2 WHERE :batch");
        Files.write(mounted, plan);

        var outcome = folder.run();

        assertThat(outcome.reason()).isEqualTo(Reason.InternalError);
        assertThat(outcome.message())
                .startsWith("the mounted plan is sha256:")
                .contains("the Job asks for " + folder.hash());
        assertThat(database.query("SELECT n FROM t WHERE n IS NOT NULL")).isEmpty();
    }

    @Test
    void aSecretThatIsMissingIsSaidAndRetried() throws IOException {
        Files.delete(folder.at(Mounts.SECRET).resolve("password"));
        var runner = folder.start("pod-1");
        assertThat(runner.exitCode()).isEqualTo(ExitCode.TRY_AGAIN.code());
        assertThat(runner.outcome().reason()).isEqualTo(Reason.CredentialsMissing);
        assertThat(runner.outcome().message()).startsWith("Secret \"test-db\" has no key \"password\"");
    }

    @Test
    void aCertificateThatIsMissingIsSaid() {
        var settings = database.settings();
        folder.write(new Settings(
                new Settings.Connection("test-db", null, null, null, "verify-full", "chat-db-ca/ca.crt", "cairn"),
                settings.locks(),
                settings.pace()));
        var outcome = folder.run();
        assertThat(outcome.reason()).isEqualTo(Reason.CredentialsMissing);
        assertThat(outcome.message()).startsWith("the certificate authority chat-db-ca/ca.crt does not exist");
    }

    @Test
    void settingsThatCannotBeReadAreSaidAtTheStartAndPassedOverLater() throws IOException {
        var file = folder.at(Mounts.SETTINGS).resolve(Mounts.SETTINGS_FILE);
        var settings = new SettingsFile(file);
        var before = settings.get();

        Files.writeString(file, "{");
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1));
        assertThat(settings.get()).isEqualTo(before);

        assertThat(folder.run().message()).startsWith("the mounted settings cannot be read");
    }
}
