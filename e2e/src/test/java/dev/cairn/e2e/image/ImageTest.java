package dev.cairn.e2e.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.e2e.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the build packs. Tagged with the scenarios because those need the images, too. */
@Tag("cluster")
class ImageTest {
    private static final long RUNNER_AT_MOST = 60_000_000;

    @Test
    void theRunnerIsSmall() throws IOException {
        assertThat(Files.size(archive("cairn-runner"))).isLessThan(RUNNER_AT_MOST);
    }

    @Test
    void neitherRunsAsRootNorHasAShell() throws IOException {
        for (var path : Project.imageArchives()) {
            var image = ImageArchive.read(path);
            assertThat(image.config().at("/config/User").asText()).isEqualTo("65532:65532");
            assertThat(image.modes().keySet())
                    .as(path.toString())
                    .noneMatch(name -> name.matches(".*/(sh|bash|dash|busybox)"));
        }
    }

    @Test
    void bothStartWithTheCacheThatTheirTrainingMade() throws IOException {
        for (var path : Project.imageArchives()) {
            var image = ImageArchive.read(path);
            assertThat(image.modes()).containsKeys("app/startup.aot", "app/java.args");
            assertThat(image.modes().get("opt/java/bin/java")).isEqualTo(0755);
            assertThat(image.modes().get("opt/java/lib/jspawnhelper")).isEqualTo(0755);
            assertThat(texts(image.config().at("/config/Entrypoint")))
                    .containsExactly("/opt/java/bin/java", "@/app/java.args");
        }
    }

    @Test
    void theRunnerBringsTheLauncherOfUsersContainers() throws IOException {
        assertThat(ImageArchive.read(archive("cairn-runner")).modes()).containsEntry("app/launch", 0755);
    }

    private static Path archive(String name) {
        return Project.imageArchives().stream()
                .filter(path -> path.endsWith(name + ".tar"))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }
}
