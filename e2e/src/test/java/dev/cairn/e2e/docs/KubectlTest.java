package dev.cairn.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.e2e.Command;
import dev.cairn.e2e.Project;
import dev.cairn.e2e.controlplane.ControlPlane;
import dev.cairn.e2e.controlplane.OnControlPlane;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kubectl commands of the documentation, on the resources of the guide to the first migration. */
@OnControlPlane
class KubectlTest {
    /** Commands in the middle of a sentence that run as they stand. */
    private static final Pattern IN_TEXT = Pattern.compile("`(kubectl (?:annotate|get|describe) [^`…]+)`");

    private static final Map<String, String> NAMES = Map.of(
            "dmig/NAME",
            "dmig/messages-backfill-mood",
            "smig/NAME",
            "smig/messages-add-mood",
            "mtgt/NAME",
            "mtgt/chat");

    @TempDir
    Path folder;

    @Test
    void everyCommandIsTaken(ControlPlane plane) throws Exception {
        // given a kubectl for a namespace with the guide's resources
        var namespace = plane.createNamespace("docs");
        installKubectl(plane, namespace);
        for (var manifest : page("docs/guides/first-migration.md").blocks("yaml"))
            assertThat(run("kubectl apply --server-side --validate=strict -f - <<'YAML'\n" + manifest + "\nYAML"))
                    .isEmpty();

        // then each command does what it is for
        assertThat(Page.all().stream().flatMap(KubectlTest::commands).distinct())
                .hasSizeGreaterThan(15)
                .allSatisfy(command -> assertThat(run(command)).as(command).isEmpty());
    }

    /** Without those on the operator's own Deployment, which this API server does not have, and those that do not end. */
    private static Stream<String> commands(Page page) {
        return Stream.concat(
                        page.commands(), IN_TEXT.matcher(page.text()).results().map(match -> match.group(1)))
                .filter(command -> command.startsWith("kubectl ") && !command.contains(" cairn-system "))
                .map(KubectlTest::ending)
                .map(KubectlTest::named);
    }

    /** One that watches is ended after a moment: by then it has refused what it cannot do. */
    private static String ending(String command) {
        return command.contains(" --watch") ? "timeout 5 " + command + " || [ $? = 124 ]" : command;
    }

    private static String named(String command) {
        for (var name : NAMES.entrySet()) command = command.replace(name.getKey(), name.getValue());
        return command;
    }

    private void installKubectl(ControlPlane plane, String namespace) throws IOException {
        var program = Command.run(Project.root().resolve("e2e/cluster/cluster").toString(), "binary");
        var kubectl = folder.resolve("kubectl");
        Files.writeString(
                kubectl,
                "#!/bin/sh\nexec '%s' kubectl --kubeconfig '%s' --namespace '%s' \"$@\"\n"
                        .formatted(program, plane.kubeconfig(), namespace));
        Files.setPosixFilePermissions(kubectl, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** What it says where it fails; empty where it succeeds. */
    private String run(String command) throws Exception {
        var shell = new ProcessBuilder("bash", "-c", command)
                .directory(Project.root().toFile())
                .redirectErrorStream(true);
        shell.environment().merge("PATH", folder.toString(), (path, ours) -> ours + ":" + path);
        var process = shell.start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : "failed: " + said;
    }

    private static Page page(String file) {
        return Page.all().stream()
                .filter(page -> page.file().equals(Path.of(file)))
                .findFirst()
                .orElseThrow();
    }
}
