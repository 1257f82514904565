package dev.cairn.runner.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.plan.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final Pattern DESCRIBED =
            Pattern.compile("^# HELP (?<name>\\w+) (?<meaning>.+)\n# TYPE \\w+ (?<type>\\w+)$", Pattern.MULTILINE);

    @Test
    void theDocsNameEachOfThem() throws IOException {
        // given a progress of which everything is known
        var tracker = new Tracker();
        var impact = new Progress.Impact(true, 50, 12, 82, 8192L, 300L);
        tracker.walk(90, 2, 100, 1000L, 50, 1_700_000_000_000L, List.of(), 2, impact);

        // then the page's table is what it is told as
        var told = DESCRIBED
                .matcher(Metrics.text(tracker.progress()))
                .results()
                .map(m -> "| `" + m.group("name") + "` | " + m.group("type") + " | " + m.group("meaning") + " |")
                .toList();
        assertThat(told).hasSizeGreaterThan(10);
        assertThat(Files.readAllLines(Path.of("../docs/reference/metrics.md")).stream()
                        .filter(line -> line.startsWith("| `cairn_")))
                .containsExactlyElementsOf(told);
    }
}
