package dev.cairn.runner.end;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.GracePeriod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class GracePeriodTest {
    @Test
    void theLauncherAndTheRunnerEndBeforeTheirPodIsKilled() throws IOException {
        assertThat(ofLauncher("patience")).isEqualTo(GracePeriod.OF_PROGRAM);
        assertThat(ofLauncher("patience").plus(ofLauncher("farewell"))).isLessThan(GracePeriod.OF_POD);
        assertThat(GracePeriod.OF_PROGRAM.plus(GracePeriod.OF_RUNNER)).isLessThan(GracePeriod.OF_POD);
        assertThat(GracePeriod.OF_BATCH).isPositive().isLessThan(GracePeriod.OF_RUNNER);
    }

    private static Duration ofLauncher(String constant) throws IOException {
        var found = Pattern.compile(constant + " += (\\d+) \\* time\\.Second")
                .matcher(Files.readString(Path.of("launcher/main.go")));
        assertThat(found.find()).as(constant).isTrue();
        return Duration.ofSeconds(Long.parseLong(found.group(1)));
    }
}
