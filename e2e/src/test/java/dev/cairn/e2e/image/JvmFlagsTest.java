package dev.cairn.e2e.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.e2e.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How both programs of the images start. */
class JvmFlagsTest {
    /** As a JVM ends that meets an OutOfMemoryError with {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int OUT_OF_MEMORY = 3;

    @Test
    void aProcessWithoutMemoryEndsEvenIfAThreadSurvivesIt() throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + Project.root().resolve("images/java.args"),
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Survivor.class.getName())
                .redirectErrorStream(true)
                .start();
        var words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(words).isEqualTo(OUT_OF_MEMORY);
        assertThat(words).contains("OutOfMemoryError").doesNotContain("goes on");
    }

    /** Takes all memory, and goes on as a worker would that catches whatever fails. */
    static final class Survivor {
        private Survivor() {}

        public static void main(String[] args) {
            var all = new ArrayList<byte[]>();
            try {
                while (true) all.add(new byte[1 << 20]);
            } catch (OutOfMemoryError e) {
                var taken = List.copyOf(all).size();
                all.clear();
                System.out.println("goes on after " + taken + " MiB");
            }
        }
    }
}
