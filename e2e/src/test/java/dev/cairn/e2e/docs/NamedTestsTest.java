package dev.cairn.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.e2e.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./mvnw} with {@code -Dtest}: a name that no test has fails, whichever modules run. */
class NamedTestsTest {
    @TempDir
    Path folder;

    /** A project of two modules, and a Maven that runs one test in the second. */
    @BeforeEach
    void aProject() throws IOException {
        Files.copy(Project.root().resolve("mvnw"), folder.resolve("mvnw"));
        for (var module : List.of("plan", "runner"))
            Files.createDirectories(folder.resolve(module).resolve("target/surefire-reports"));
        var maven = Files.createDirectory(folder.resolve("bin")).resolve("mvn");
        Files.writeString(maven, """
                #!/bin/sh
                echo '<testsuite name="dev.LedgerTest" tests="3">' >runner/target/surefire-reports/TEST-dev.LedgerTest.xml
                echo '<testsuite name="dev.EmptyTest" tests="0">' >runner/target/surefire-reports/TEST-dev.EmptyTest.xml
                """);
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void aNameThatOneModuleHasSucceeds() throws Exception {
        assertThat(mvnw("test", "-Dtest=LedgerTest")).isEmpty();
        assertThat(mvnw("test", "-Dtest=Ledger*,!OtherTest")).isEmpty();
        assertThat(mvnw("test", "-Dtest=dev.LedgerTest#startsOnce")).isEmpty();
    }

    @Test
    void aNameThatNoModuleHasFails() throws Exception {
        assertThat(mvnw("test", "-Dtest=Typo")).contains("no test named Typo ran");
        assertThat(mvnw("verify", "-Dtest=LedgerTest,Typo")).contains("no test named Typo ran");
        assertThat(mvnw("test", "-Dtest=EmptyTest")).contains("no test named EmptyTest ran");
    }

    @Test
    void aBuildThatRunsNoTestsAsksForNone() throws Exception {
        assertThat(mvnw("test-compile", "-Dtest=Typo")).isEmpty();
        assertThat(mvnw("package", "-DskipTests", "-Dtest=Typo")).isEmpty();
    }

    /** What it says where it fails; empty where it succeeds. */
    private String mvnw(String... arguments) throws Exception {
        var command = new ProcessBuilder("bash", "mvnw");
        command.command().addAll(List.of(arguments));
        command.directory(folder.toFile()).redirectErrorStream(true);
        command.environment().put("JAVA_HOME", System.getProperty("java.home"));
        command.environment().merge("PATH", folder.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        var process = command.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : said;
    }
}
