package dev.cairn.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.e2e.Chart;
import dev.cairn.e2e.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever pastes a command from the documentation gets what it says. */
class CommandsTest {
    private static final Pattern SET = Pattern.compile("--set (\\S+?)=(\\S+)");
    private static final Pattern PROFILE = Pattern.compile("-P(\\w+)");
    private static final Pattern MODULE = Pattern.compile("-pl (\\S+)");
    private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z]\\w*)[.`]");
    private static final Pattern ARCHIVE = Pattern.compile("images/target/\\S+?\\.tar");

    @Test
    void theFilesThatCommandsNameAreThere() throws IOException {
        assertThat(commands())
                .isNotEmpty()
                .allSatisfy(command -> assertThat(pathsIn(command))
                        .as(command)
                        .allSatisfy(path -> assertThat(path).exists()));
        assertThat(commands().map(command -> words(command).getFirst()))
                .filteredOn(program -> program.startsWith("./"))
                .contains("./demo", "./test", "./mvnw")
                .allSatisfy(
                        program -> assertThat(Project.root().resolve(program)).isExecutable());
    }

    @Test
    void theArgumentsOfTheProjectsOwnCommandsAreTheirs() throws IOException {
        for (var program : List.of("demo", "test")) {
            var script = Files.readString(Project.root().resolve(program));
            assertThat(commands())
                    .filteredOn(command -> command.startsWith("./" + program + " "))
                    .allSatisfy(command ->
                            assertThat(script).contains(words(command).get(1)));
        }
    }

    @Test
    void theProfilesAndModulesThatCommandsNameAreThere() throws IOException {
        var pom = poms();
        var maven = commands().filter(command -> command.startsWith("./mvnw")).toList();
        assertThat(found(maven, PROFILE))
                .contains("images")
                .allSatisfy(profile -> assertThat(pom).contains("<id>" + profile + "</id>"));
        assertThat(found(maven, MODULE))
                .allSatisfy(module -> assertThat(pom).contains("<module>" + module + "</module>"));
    }

    @Test
    void theChartTakesTheValuesThatTheReadmeSets() {
        var installations = commands()
                .filter(command -> command.startsWith("helm install "))
                .toList();
        assertThat(installations).isNotEmpty().allSatisfy(command -> {
            Map<String, String> values = new HashMap<>();
            SET.matcher(command).results().forEach(set -> values.put(set.group(1), set.group(2)));
            assertThat(values).hasSize(2);
            // a value that the chart does not know is refused, one that it does not use is not to be seen
            assertThat(Chart.render(values)).contains(values.values());
        });
    }

    @Test
    void theImagesAreWhereTheReadmeSays() throws IOException {
        var readme = Files.readString(Project.root().resolve("README.md"));
        assertThat(ARCHIVE.matcher(readme).results().map(match -> match.group()))
                .isNotEmpty()
                .allSatisfy(said -> {
                    var pattern = Project.root().getFileSystem().getPathMatcher("glob:" + said);
                    assertThat(Project.archives())
                            .allSatisfy(archive -> assertThat(
                                            pattern.matches(Project.root().relativize(archive)))
                                    .isTrue());
                });
        assertThat(Files.readString(Project.root().resolve("pom.xml"))).contains("images/target/");
    }

    @Test
    void theTypesThatContributingNamesAreThere() throws IOException {
        var contributing = Files.readString(Project.root().resolve("CONTRIBUTING.md"));
        var named =
                TYPE.matcher(contributing).results().map(type -> type.group(1)).distinct();
        try (var files = Files.walk(Project.root(), 20)) {
            var types = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .collect(Collectors.toSet());
            assertThat(named)
                    .hasSizeGreaterThan(10)
                    .allSatisfy(type -> assertThat(types).contains(type + ".java"));
        }
    }

    private static Stream<String> commands() {
        return Page.all().stream().flatMap(Page::commands);
    }

    /** The texts of all of them. */
    private static String poms() throws IOException {
        try (var files = Files.walk(Project.root(), 2)) {
            var text = new StringBuilder();
            for (var file : files.filter(f -> f.endsWith("pom.xml")).toList()) text.append(Files.readString(file));
            return text.toString();
        }
    }

    private static List<String> words(String command) {
        return List.of(command.split(" ", -1));
    }

    /** Arguments that begin with the name of something in the project's folder. */
    private static Stream<Path> pathsIn(String command) {
        var root = Project.root();
        return words(command).stream()
                .filter(word -> word.startsWith("./") || word.contains("/"))
                .map(word -> Path.of(word).normalize())
                .filter(path -> Files.exists(root.resolve(path.getName(0))) || path.getNameCount() == 1)
                .map(root::resolve);
    }

    private static Stream<String> found(List<String> commands, Pattern pattern) {
        return commands.stream()
                .flatMap(command -> pattern.matcher(command).results())
                .map(match -> match.group(1));
    }
}
